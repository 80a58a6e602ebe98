import { Code } from "@connectrpc/connect";
import { Status } from "@taskio/containerd/proto";
import { expect, test } from "bun:test";
import { codeOf } from "./support/code-of.ts";
import { taskIO } from "./support/task-io.ts";
import { TestRuntime } from "./support/test-runtime.ts";
import { until } from "./support/until.ts";

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
