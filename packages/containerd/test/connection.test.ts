import { expect, test } from "bun:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { newMemoryIO, nullIO, type TaskIOError, withStreams } from "@taskio/core";
import { connect } from "../src/index.ts";
import { type FakeOptions, startFakeServer } from "./support/fake-server.ts";
import { Status } from "../src/proto.ts";
import { rejection } from "@taskio/test-support";
import { ServerProcess } from "./support/server-process.ts";
import { refuse, setUp } from "./support/set-up.ts";

test("a server that is killed under calls went away, and the next call connects anew", async () => {
  await using server = new ServerProcess();
  await server.start();
  const { address } = server;
  await using client = await connect({ address });
  const task = await client.createTask("web", { creator: nullIO });
  await task.start();
  await using events = client.events({ resume: false });
  await events.subscribed();
  const calls = [rejection(task.wait()), rejection(events.next())];
  await server.kill();
  const [waiting, listening] = (await Promise.all(calls)) as TaskIOError[];
  const gone = `the server at "${address}" went away`;
  expect(waiting!.message).toBe(`failed to wait for the task "web": ${gone}`);
  expect(listening!.message).toBe(`failed to listen for events: ${gone}`);
  expect([waiting!.code, listening!.code]).toEqual(["UNAVAILABLE", "UNAVAILABLE"]);
  expect(await rejection(client.tasks.list())).toMatchObject({
    code: "UNAVAILABLE",
    errno: "ECONNREFUSED",
    message: expect.stringContaining(address),
  });
  await server.start();
  expect((await client.version()).version).toBe("1.0");
  expect(await rejection(task.wait())).toMatchObject({ code: "NOT_FOUND" }); // it is another one
});

test("a server that stops answering fails calls, but none that waits for something", async () => {
  await using server = new ServerProcess();
  await server.start();
  const { address } = server;
  await using client = await connect({ address, timeout: 200 });
  const task = await client.createTask("web", { creator: nullIO });
  await task.start();
  let waiting = true;
  const waits = task.wait().finally(() => (waiting = false));
  server.signal("SIGSTOP");
  expect(await rejection(client.tasks.get("web"))).toMatchObject({
    code: "UNAVAILABLE",
    message: `failed to get the task "web": the server at "${address}" accepts connections but does not answer`,
  });
  expect(waiting).toBe(true);
  server.signal("SIGCONT");
  expect(await client.tasks.get("web")).toMatchObject({ state: "running" });
  await task.kill("SIGKILL");
  expect(await waits).toMatchObject({ exitCode: 137 });
});

test("a call that takes long is none that is not answered", async () => {
  const start = async () => {
    await Bun.sleep(1000);
    return { pid: 42 };
  };
  await using server = await startFakeServer({ tasks: { start } });
  await using client = await server.connect({ timeout: 100 });
  const task = await client.createTask("web", { creator: nullIO });
  await task.start();
  expect(task.pid).toBe(42);
});

test("a client outlives its servers", async () => {
  await using server = new ServerProcess();
  await server.start();
  await using client = await connect({ address: server.address });
  for (let i = 0; i < 3; i++) {
    await server.kill();
    expect(await rejection(client.version())).toMatchObject({ code: "UNAVAILABLE" });
    await server.start();
    expect(await client.version()).toMatchObject({ version: "1.0" });
  }
});

test("an open client keeps no process alive, a call does", async () => {
  await using server = await startFakeServer();
  const script = `
    const { connect } = await import("${import.meta.dir}/../src/index.ts");
    const client = await connect({ address: "${server.address}" });
    await client.version();
    console.log("asked");
    client.tasks.get("web").catch(() => console.log("answered"));`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
  expect(await new Response(child.stdout).text()).toBe("asked\nanswered\n");
  expect(await child.exited).toBe(0);
});

test("a start that was not answered may be made again, and starts what was not started", async () => {
  const refusal = new ConnectError("the shim is busy", Code.Unavailable);
  let status = Status.CREATED;
  let starts = 0;
  const tasks: FakeOptions["tasks"] = {
    start() {
      if (++starts === 2) status = Status.RUNNING;
      throw refusal;
    },
    get: () => ({ process: { id: "web", pid: 43, status } }),
  };
  await using server = await startFakeServer({ tasks });
  await using client = await server.connect();
  const memory = newMemoryIO();
  const creator = memory.newCreator(withStreams(undefined, () => {}));
  const task = await client.createTask("web", { creator });
  for (let i = 0; i < 2; i++) {
    expect(await rejection(task.start())).toMatchObject({
      code: "UNAVAILABLE",
      message: `failed to start the task "web": the server at "${server.address}" says: the shim is busy`,
    });
  }
  await task.start();
  expect(task.pid).toBe(43);
  expect(server.calls.filter((name) => name !== "Wait")).toEqual([
    ...["Create", "Start", "Get", "Start", "Get"],
  ]);
  expect(await rejection(task.start())).toMatchObject({ code: "INVALID_ARGUMENT" });
  await task.detach();
});

/** A server that starts a process after its state was asked for, and before it is told again. */
async function setUpSlowStart(status: Status, refusal: ConnectError) {
  let now = Status.CREATED;
  const tasks: FakeOptions["tasks"] = {
    start() {
      if (server.calls.filter((name) => name === "Start").length === 1) refuse(Code.Unavailable);
      now = status;
      throw refusal;
    },
    get: () => ({ process: { id: "web", pid: 43, status: now } }),
  };
  const { server, ...set } = await setUp({ tasks });
  const task = await set.client.createTask("web", { creator: set.creator, keepStdinOpen: true });
  expect(await rejection(task.start())).toMatchObject({ code: "UNAVAILABLE" });
  return { ...set, server, task };
}

test.each([
  [Status.RUNNING, "cannot start a running process", Code.Unknown], // containerd's
  [Status.RUNNING, "cannot start a running process", Code.FailedPrecondition], // the embedded runtime's
  [Status.RUNNING, "task already started", Code.FailedPrecondition],
  [Status.STOPPED, "cannot start a stopped process", Code.Unknown],
])("a start that an earlier one has overtaken is one (%p, %s, %p)", async (status, words, code) => {
  await using set = await setUpSlowStart(status, new ConnectError(words, code));
  await set.task.start();
  expect(set.task.pid).toBe(43);
  expect(set.server.calls.filter((name) => name !== "Wait")).toEqual([
    ...["Create", "Start", "Get", "Start", "Get"],
  ]);
  set.memory.task("web").exit(); // its streams are still there
  await set.task.detach();
});

test("a start that is made again and fails leaves nothing, also where it ends the process", async () => {
  await using set = await setUpSlowStart(Status.STOPPED, new ConnectError("no such command"));
  expect(await rejection(set.task.start())).toMatchObject({
    code: "ENGINE_FAILED",
    message: 'failed to start the task "web": no such command',
  });
  expect(() => set.memory.task("web")).toThrow("no task");
  expect(set.server.calls.at(-1)).toBe("Delete");
});
