import { expect, test } from "bun:test";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TestRuntime } from "./support/test-runtime.ts";
import { until } from "@taskio/test-support";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** The command with a stdout that a shell's redirection gives. */
function redirected(redirection: string): string[] {
  return ["sh", "-c", `exec "$@" ${redirection}`, "sh", process.execPath, main];
}

test("an output that can't be written is told, with 125, and the task is kept", async () => {
  await using taskio = new TestRuntime();
  await using full = new TestRuntime(redirected(">/dev/full"), taskio.dir);
  const ended = await full.run(["run", "--rm", "--name", "en", "--", "echo", "important"]);
  expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
  expect(ended.stderr).toMatch(/^taskio: failed to write the output of "en": ENOSPC/);
  expect((await taskio.list()).map(({ id }) => id)).toEqual(["en"]);
});

test("an embedded runtime that ends by itself just when it is found is started again", async () => {
  await using taskio = new TestRuntime();
  const env = { TASKIO_TASKD_IDLE_MS: "40" }; // less than loading gRPC takes
  for (let i = 0; i < 4; i++) {
    expect(await taskio.run(["ls", "--json"], { env })).toMatchObject({
      stdout: "[]\n",
      stderr: "",
    });
    await Bun.sleep(200);
  }
});

test("what a command prints and can't is told in one line", async () => {
  await using taskio = new TestRuntime();
  await using full = new TestRuntime(redirected(">/dev/full"), taskio.dir);
  await taskio.ok("run", "--name", "en", "--", "true");
  for (const args of [["ls"], ["info"], ["wait", "en"], ["--help"]]) {
    const ended = await full.run(args);
    expect(ended.exitCode).toBe(125);
    expect(ended.stderr).toMatch(/^taskio: failed to write the output: ENOSPC.*\n$/);
  }
});

test("run --rm ends with the task's exit code whoever removes it", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("ls");
  for (let i = 0; i < 3; i++) {
    const running = taskio.run(["run", "--rm", "--name", `h${i}`, "--", "sleep", "20"]);
    await taskio.untilState(`h${i}`, "running");
    const removed = await taskio.run(["rm", "-f", `h${i}`]);
    expect(removed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await running).toEqual({ exitCode: 137, stdout: "", stderr: "" });
  }
});

test("c#11462: execs of killed clients leave no FIFO when their task is removed", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "m", "--", "sleep", "30");
  const client = taskio.spawn(["exec", "m", "--", "sleep", "20"]);
  const fifos = join(taskio.dir, "fifo");
  await until(async () => existsSync(fifos) && readdirSync(fifos).length === 1);
  await Bun.sleep(300);
  client.kill("SIGKILL");
  await client.exited;
  await taskio.ok("rm", "-f", "m");
  expect(readdirSync(fifos)).toEqual([]);
});

test("tasks have a container's umask, whatever the runtime was started with", async () => {
  await using taskio = new TestRuntime([
    "sh",
    "-c",
    'umask 077; exec "$@"',
    "sh",
    process.execPath,
    main,
  ]);
  expect(await taskio.ok("run", "--rm", "--", "sh", "-c", "umask")).toBe("0022\n");
  expect(statSync(join(taskio.dir, "taskd.sock")).mode & 0o777).toBe(0o600);
});
