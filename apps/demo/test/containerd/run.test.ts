import { expect, test } from "bun:test";
import { Containerd } from "./support/containerd.ts";
import { TestRuntime } from "./support/test-runtime.ts";

const missing = Containerd.missing();
const title = "the same on containerd" + (missing ? ` (skipped: ${missing})` : "");

test.skipIf(Boolean(missing))(title, async () => {
  await using daemon = new Containerd();
  await daemon.start();
  await using taskio = new TestRuntime();
  const options = { env: { CONTAINERD_ADDRESS: daemon.address } };
  const run = (...args: string[]) => taskio.run(args, options);

  expect(await run("run", "--rm", "--", "sh", "-c", "echo out; echo err >&2; exit 3")).toEqual({
    exitCode: 3,
    stdout: "out\n",
    stderr: "err\n",
  });
  expect((await run("run", "--rm", "--", "no-such-command")).exitCode).toBe(127);
  expect((await run("run", "--rm", "--", "/etc")).exitCode).toBe(126);
  const typed = await taskio.run(["run", "-i", "--rm", "--", "cat"], {
    ...options,
    stdin: "typed",
  });
  expect(typed).toEqual({ exitCode: 0, stdout: "typed", stderr: "" });

  await run("run", "-d", "--name", "bg", "--", "sh", "-c", "echo logged; sleep 600");
  expect(await run("exec", "bg", "--", "sh", "-c", "echo in; exit 4")).toMatchObject({
    exitCode: 4,
    stdout: "in\n",
  });
  expect((await run("logs", "bg")).stdout).toBe("logged\n");
  expect((await run("rm", "bg")).exitCode).toBe(125);
  expect((await run("rm", "-f", "bg")).stdout).toBe("bg\n");

  const address = ["--address", daemon.address];
  const shell = taskio.onTerminal(...address, "run", "-it", "--name", "sh", "--", "sh");
  shell.type("stty size\r");
  await shell.sees("24 80\r\n");
  shell.type("\x10\x11");
  expect(await shell.exited()).toBe(0);
  expect(shell.screen).toContain(`"taskio --address ${daemon.address} attach sh"`);
  const again = taskio.onTerminal(...address, "attach", "sh");
  again.type("exit 5\r");
  expect(await again.exited()).toBe(5);
  expect((await run("rm", "sh")).stdout).toBe("sh\n");
  expect((await run("ls", "--json")).stdout).toBe("[]\n");
});
