import { Code } from "@connectrpc/connect";
import { Status } from "@taskio/containerd/proto";
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { processIdentity } from "../src/process/proc.ts";
import { codeOf } from "./support/code-of.ts";
import { lateReader } from "./support/late-reader.ts";
import { taskIO } from "./support/task-io.ts";
import { taskdWith } from "./support/taskd-with.ts";
import { nullConfig, TestRuntime } from "./support/test-runtime.ts";
import { until } from "@taskio/test-support";

test("execs have streams, exit codes and a life of their own", async () => {
  await using runtime = await TestRuntime.start();
  const { folder, tasks } = runtime;
  const containerId = "t1";
  await runtime.task(containerId, ["sleep", "100"]);
  await runtime.start(containerId);
  const before = runtime.fds();
  for (const terminal of [false, true]) {
    const execId = terminal ? "tty" : "plain";
    await using client = await taskIO(folder.path, execId, { terminal });
    await runtime.exec(containerId, execId, ["sh", "-c", "echo hi; exit 4"], client.io.config);
    const get = async () => (await tasks.get({ containerId, execId })).process!;
    expect(await get()).toMatchObject({
      containerId,
      id: execId,
      status: Status.CREATED,
      terminal,
    });
    const waiting = runtime.wait(containerId, execId);
    const pid = await runtime.start(containerId, execId);
    expect(await waiting).toBe(4);
    await client.io.wait();
    expect(client.stdout().trimEnd()).toBe("hi");
    expect(await get()).toMatchObject({ pid, status: Status.STOPPED, exitStatus: 4 });
    const deleted = await tasks.deleteProcess({ containerId, execId });
    expect(deleted).toMatchObject({ id: execId, pid, exitStatus: 4 });
    expect(await codeOf(get())).toBe(Code.NotFound);
  }
  await until(
    () =>
      runtime.fds().filter((file) => file.startsWith(folder.path)).length ===
      before.filter((file) => file.startsWith(folder.path)).length,
    "the streams are closed",
  );
  expect((await tasks.list({})).tasks.map(({ id }) => id)).toEqual(["t1"]);
});

test("a CloseIO that comes before the start is not lost", async () => {
  await using runtime = await TestRuntime.start();
  const { folder, tasks } = runtime;
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  for (const [at, text] of ["", "12345"].entries()) {
    const execId = `e${at}`;
    await using client = await taskIO(folder.path, execId, { stdin: new Blob([text]) });
    await runtime.exec("t1", execId, ["cat"], client.io.config);
    await client.io.stdinDone;
    await tasks.closeIO({ containerId: "t1", execId, stdin: true });
    await runtime.start("t1", execId);
    expect(await runtime.wait("t1", execId)).toBe(0);
    await client.io.wait();
    expect(client.stdout()).toBe(text);
  }
});

test("what an exec leaves behind keeps its output open, not its end", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  await using client = await taskIO(runtime.folder.path, "e1");
  await runtime.exec(
    "t1",
    "e1",
    ["sh", "-c", "(sleep 1; echo late) & echo early"],
    client.io.config,
  );
  await runtime.start("t1", "e1");
  expect(await runtime.wait("t1", "e1")).toBe(0);
  await client.io.wait();
  expect(client.stdout()).toBe("early\nlate\n");
});

test("an exec needs a task that isn't stopped, an id and a command", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.task("t1", ["true"]);
  await runtime.exec("t1", "before", ["true"]);
  expect(await codeOf(runtime.exec("t1", "before", ["true"]))).toBe(Code.AlreadyExists);
  expect(await codeOf(runtime.exec("t1", "no/id", ["true"]))).toBe(Code.InvalidArgument);
  expect(await codeOf(runtime.exec("t1", "empty", []))).toBe(Code.InvalidArgument);
  await runtime.tasks.deleteProcess({ containerId: "t1", execId: "before" });
  await runtime.start("t1");
  await runtime.wait("t1");
  expect(await codeOf(runtime.exec("t1", "late", ["true"]))).toBe(Code.FailedPrecondition);
});

const grace = (ms: number) => ({ command: taskdWith({ TASKIO_TASKD_EXEC_GRACE_MS: `${ms}` }) });

test("an exec that nobody deletes is forgotten some time after its end, with its streams", async () => {
  await using runtime = await TestRuntime.start(grace(1_500));
  const { dir, tasks } = runtime;
  const containerId = "t1";
  await runtime.task(containerId, ["sleep", "100"]);
  await runtime.start(containerId);
  await runtime.exec(containerId, "new", ["true"]);
  await runtime.exec(containerId, "runs", ["sleep", "100"]);
  await runtime.start(containerId, "runs");
  const own = () => runtime.fds().filter((file) => /\/run\/fifo|ptmx/.test(file));
  const ids = ["plain", "tty"];
  for (const execId of ids) {
    const client = await taskIO(`${dir}/fifo`, execId, { terminal: execId === "tty" });
    await client.io.detach();
    await runtime.exec(containerId, execId, ["sh", "-c", "seq 1000; exit 5"], client.io.config);
    const waiting = runtime.wait(containerId, execId);
    await runtime.start(containerId, execId);
    expect(await waiting).toBe(5);
    expect(await runtime.wait(containerId, execId)).toBe(5);
  }
  expect(own()).not.toEqual([]);
  for (const execId of ids) {
    const wait = () => codeOf(tasks.wait({ containerId, execId }));
    await until(async () => (await wait()) === Code.NotFound, `${execId} is forgotten`);
    expect(await codeOf(tasks.deleteProcess({ containerId, execId }))).toBe(Code.NotFound);
  }
  await until(() => own().length === 0, "its streams are closed");
  expect(readdirSync(`${dir}/fifo`)).toEqual([]);
  expect(readdirSync(`${dir}/state/test/containers/t1/task/execs`).sort()).toEqual(["new", "runs"]);
  const status = async (execId: string) =>
    (await tasks.get({ containerId, execId })).process!.status;
  expect([await status("new"), await status("runs")]).toEqual([Status.CREATED, Status.RUNNING]);
});

test("that time goes on while there is no runtime", async () => {
  const options = grace(4_000);
  await using runtime = await TestRuntime.start(options);
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  await runtime.exec("t1", "e1", ["sh", "-c", "exit 5"]);
  await runtime.start("t1", "e1");
  await runtime.wait("t1", "e1");
  await runtime.signal("SIGKILL");
  await runtime.ensure(options);
  expect(await runtime.wait("t1", "e1")).toBe(5);
  await runtime.signal("SIGKILL");
  await Bun.sleep(4_000);
  await runtime.ensure(options);
  const wait = () => codeOf(runtime.tasks.wait({ containerId: "t1", execId: "e1" }));
  await until(async () => (await wait()) === Code.NotFound, "it is forgotten", { ms: 2_500 });
});

test("an exec that left a process behind is not forgotten, so that its task's end ends that too", async () => {
  await using runtime = await TestRuntime.start(grace(100));
  const { folder, tasks } = runtime;
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  const left: number[] = [];
  for (const execId of ["ends", "stays"]) {
    const file = folder.file(execId);
    await runtime.exec("t1", execId, ["sh", "-c", `sleep 100 & echo $! > ${file}`]);
    await runtime.start("t1", execId);
    await runtime.wait("t1", execId);
    left.push(Number(readFileSync(file, "utf8")));
  }
  await Bun.sleep(500);
  expect(await runtime.wait("t1", "ends")).toBe(0);
  process.kill(left[0]!, 9);
  const wait = () => codeOf(tasks.wait({ containerId: "t1", execId: "ends" }));
  await until(async () => (await wait()) === Code.NotFound, "it is forgotten");
  expect(await runtime.wait("t1", "stays")).toBe(0);
  await tasks.kill({ containerId: "t1", signal: 9 });
  await until(() => !processIdentity(left[1]!), "what it left is killed");
});

type TerminalIO = Awaited<ReturnType<typeof taskIO>>;

/** A slow reader of what an exec of "t1" has written to its terminal, which the runtime has forgotten. */
async function readForgotten(runtime: TestRuntime, { io }: TerminalIO) {
  const { tasks } = runtime;
  await io.detach();
  await runtime.exec("t1", "e1", ["sh", "-c", "stty raw; seq 200000"], io.config);
  await runtime.start("t1", "e1");
  await Bun.sleep(500); // its FIFO is full, and what it has beside
  const reader = lateReader(io.config.stdout, 4);
  await tasks.kill({ containerId: "t1", execId: "e1", signal: 9 });
  const wait = () => codeOf(tasks.wait({ containerId: "t1", execId: "e1" }));
  await until(async () => (await wait()) === Code.NotFound, "it is forgotten");
  return reader;
}

test("who reads a terminal's output slowly gets all of it, however long ago the exec has ended", async () => {
  await using runtime = await TestRuntime.start(grace(100));
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  await using client = await taskIO(runtime.folder.path, "e1", { terminal: true });
  const reader = await readForgotten(runtime, client);
  const text = await reader.text;
  const numbers = Array.from({ length: 200_000 }, (_, at) => `${at + 1}\n`).join("");
  expect(text.length).toBeGreaterThan(reader.waiting); // what was in the FIFO
  expect(numbers.startsWith(text)).toBe(true);
});

test("the runtime stays while somebody reads what a forgotten exec has written", async () => {
  const { command } = grace(100);
  await using runtime = await TestRuntime.start({ command, idleMs: 100 });
  const identity = processIdentity(runtime.pid);
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  await using client = await taskIO(runtime.folder.path, "e1", { terminal: true });
  const reader = await readForgotten(runtime, client);
  await runtime.remove("t1");
  runtime.clients.close();
  const text = await reader.text;
  expect(text.length).toBeGreaterThan(reader.waiting);
  await until(() => processIdentity(runtime.pid) !== identity, "it stops");
});

test("many execs that nobody deletes cost the same each, and no fds", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  const before = runtime.fds();
  const config = { ...nullConfig, stdout: `file://${runtime.folder.file("log")}` };
  const written = () =>
    Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${runtime.pid}/io`, "utf8"))![1]);
  const costs: number[] = [];
  for (let round = 0; round < 4; round++) {
    const start = written();
    for (let at = 0; at < 30; at++) {
      const id = `e${round}-${at}`;
      await runtime.exec("t1", id, ["true"], config);
      await runtime.start("t1", id);
      await runtime.wait("t1", id);
    }
    costs.push(written() - start);
  }
  const [first, second, third, last] = costs as [number, number, number, number];
  expect(third + last).toBeLessThan((first + second) * 2); // what is remembered later of each is in there
  await until(() => Bun.deepEquals(runtime.fds(), before), "their fds are closed");
});

test("an exec that could not be started is forgotten too", async () => {
  await using runtime = await TestRuntime.start(grace(100));
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  await runtime.exec("t1", "e1", ["no-such-command"]);
  expect(await codeOf(runtime.start("t1", "e1"))).toBe(Code.Unknown);
  const get = () => codeOf(runtime.tasks.get({ containerId: "t1", execId: "e1" }));
  await until(async () => (await get()) === Code.NotFound, "it is forgotten");
});
