import { expect, test } from "bun:test";
import manifest from "../../../packages/taskd/package.json" with { type: "json" };
import { TestRuntime } from "./support/test-runtime.ts";

test("ls: an aligned table, colours only on a terminal", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "first", "--", "sleep", "600");
  const io = ["--io", "fifo"];
  await taskio.ok("run", "-dt", ...io, "--name", "second-with-a-name", "--", "sh", "-c", "exit 3");
  await taskio.untilState("second-with-a-name", "stopped");
  const table = await taskio.ok("ls");
  const [header, second, first, ...rest] = table.split("\n");
  expect(header).toMatch(/^TASK +COMMAND +CREATED +STATUS +PID +OUTPUT$/);
  expect(second).toMatch(
    /^second-with-a-name +"sh -c exit 3" +.* ago +Exited \(3\) .* ago +terminal$/,
  );
  expect(first).toMatch(/^first +"sleep 600" +.* ago +Up .* \d+ +hub$/);
  expect(rest).toEqual([""]);
  for (const line of [second!, first!]) {
    expect(line.indexOf('"')).toBe(header!.indexOf("COMMAND"));
  }
  const onTerminal = taskio.onTerminal("ls");
  expect(await onTerminal.exited()).toBe(0);
  expect(onTerminal.screen).toContain("\x1b[32mUp");
});

test("ls --json is an array with everything", async () => {
  await using taskio = new TestRuntime();
  expect(await taskio.ok("ls", "--json")).toBe("[]\n");
  await taskio.ok("run", "-d", "--name", "one", "--", "sh", "-c", "exit 3");
  await taskio.untilState("one", "stopped");
  const [task] = await taskio.list();
  expect(task).toEqual({
    id: "one",
    name: null,
    image: null,
    command: ["sh", "-c", "exit 3"],
    state: "stopped",
    exitCode: 3,
    pid: null,
    terminal: false,
    stdin: "",
    stdout: expect.stringMatching(/\/fifo\/.*\/one-stdout$/),
    stderr: expect.stringMatching(/\/fifo\/.*\/one-stderr$/),
    hub: "running",
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    exitedAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});

test("info tells which runtime it is", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--", "sleep", "600");
  const info = JSON.parse(await taskio.ok("info", "--json"));
  expect(info).toMatchObject({
    runtime: "embedded",
    version: manifest.version,
    revision: "taskd",
    address: `${taskio.dir}/taskd.sock`,
    namespace: "default",
    tasks: 1,
    running: 1,
    hubs: 1,
  });
  expect(await taskio.ok("info")).toMatch(/^runtime: +embedded$/m);
});

test("namespaces are apart", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("--namespace", "blue", "run", "-d", "--name", "x", "--", "sleep", "600");
  await taskio.ok("run", "-d", "--name", "x", "--", "sleep", "600");
  expect(JSON.parse(await taskio.ok("ls", "--json", "--namespace", "blue"))).toHaveLength(1);
  await taskio.ok("rm", "-f", "x", "--namespace", "blue");
  expect(await taskio.list()).toHaveLength(1);
});

test("an address that was given and doesn't answer is an error, nothing else is tried", async () => {
  await using taskio = new TestRuntime();
  const address = `${taskio.dir}/nobody.sock`;
  const given = await taskio.run(["ls", "--address", address]);
  const byEnv = await taskio.run(["ls"], { env: { CONTAINERD_ADDRESS: address } });
  for (const ended of [given, byEnv]) {
    expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
    expect(ended.stderr).toMatch(/^taskio: failed to connect to ".*nobody\.sock": .*\n$/);
  }
});
