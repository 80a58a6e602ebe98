import { describe, expect, test } from "bun:test";
import { Code } from "@connectrpc/connect";
import { type IO, newIO, nullIO, withStreams, withTerminal } from "@taskio/core";
import { startFakeServer } from "./support/fake-server.ts";
import { rejection } from "@taskio/test-support";
import { bytes, refuse, settle, setUp } from "./support/set-up.ts";

// The order of calls that loses and leaks nothing, against a server that only writes it down.

describe("a task", () => {
  test("is created, waited for, started, and deleted after its exit", async () => {
    await using set = await setUp();
    const { server, memory } = set;
    const creator = memory.newCreator(withStreams(undefined, () => {}));
    const task = await set.client.createTask("web", { creator });
    await task.start();
    await memory.task("web").write("stdout", "hello");
    memory.task("web").exit();
    server.exit("web", 3);
    expect(await task.wait()).toMatchObject({ exitCode: 3 });
    const { drained, exitCode, io } = await task.delete();
    expect([drained, exitCode, io.stdout?.bytes]).toEqual([true, 3, 5]);
    expect(server.calls).toEqual(["Create", "Wait", "Start", "Delete"]);
    expect(() => memory.task("web")).toThrow("no task"); // its streams are gone
  });

  test("gets the end of its stdin once, after Create (c#2439)", async () => {
    const created = Promise.withResolvers<void>();
    await using set = await setUp({
      tasks: { create: async () => (await created.promise, { pid: 1 }) },
    });
    const creating = set.client.createTask("web", { creator: set.creator });
    await settle(); // the source is at its end long before there is a process
    expect(set.server.calls).toEqual(["Create"]);
    created.resolve();
    const task = await creating;
    await settle();
    await task.closeIO();
    expect(set.server.calls).toEqual(["Create", "CloseIO"]);
  });

  test("gets no CloseIO with a terminal (c#4107)", async () => {
    await using set = await setUp({ terminal: true });
    const creator = set.memory.newCreator(
      withStreams(bytes, () => {}),
      withTerminal,
    );
    const task = await set.client.createTask("web", { creator });
    await task.start();
    await settle();
    expect(await rejection(task.closeIO())).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(set.server.calls).toEqual(["Create", "Wait", "Start"]);
  });

  test("keeps its stdin when that is wanted", async () => {
    await using set = await setUp();
    const { creator } = set;
    const task = await set.client.createTask("web", { creator, keepStdinOpen: true });
    await settle();
    expect(set.server.calls).toEqual(["Create"]);
    await task.closeIO();
    expect(set.server.calls).toEqual(["Create", "CloseIO"]);
  });

  test("gets the end of its stdin when the source fails", async () => {
    await using set = await setUp();
    const source = (async function* () {
      yield bytes;
      throw new Error("disk on fire");
    })();
    const creator = set.memory.newCreator(withStreams(source, () => {}));
    const task = await set.client.createTask("web", { creator });
    await settle();
    expect(set.server.calls).toEqual(["Create", "CloseIO"]);
    expect(await task.io.stdinDone).toMatchObject({ error: { code: "SOURCE_FAILED" } });
  });

  test("keeps its stdin over a detach", async () => {
    await using set = await setUp();
    const source = (async function* () {
      yield bytes;
      await new Promise(() => {});
    })();
    const creator = set.memory.newCreator(withStreams(source, () => {}));
    const task = await set.client.createTask("web", { creator });
    await task.start();
    await settle();
    expect((await task.detach()).stdin).toMatchObject({ bytes: 5, end: "stopped" });
    await settle();
    expect(set.server.calls).toEqual(["Create", "Wait", "Start"]);
  });

  test("gets the end of its stdin also when its client leaves at once", async () => {
    let closed = false;
    const closeIO = async () => {
      await settle();
      closed = true;
      return {};
    };
    await using set = await setUp({ tasks: { closeIO } });
    const task = await set.client.createTask("web", { creator: set.creator });
    await task.start();
    await task.io.stdinDone;
    await task.detach();
    expect(closed).toBe(true);
  });

  test("is told of its streams when they were opened", async () => {
    await using server = await startFakeServer();
    const log = server.calls;
    await using client = await server.connect({ streamsOpened: () => void log.push("opened") });
    const task = await client.createTask("web", { creator: nullIO });
    await task.start();
    expect(log).toEqual(["Create", "opened", "Wait", "Start", "opened"]);
  });

  test("that can't be created leaves nothing, and the error is the call's", async () => {
    await using set = await setUp({ tasks: { create: () => refuse() } });
    const creating = set.client.createTask("web", { creator: set.creator });
    expect(await rejection(creating)).toMatchObject({
      name: "TaskIOError",
      code: "ENGINE_FAILED",
      message: 'failed to create the task of the container "web": no such command',
      cause: { code: Code.Unknown },
    });
    expect(() => set.memory.task("web")).toThrow("no task");
  });

  test("that can't be started leaves nothing", async () => {
    await using set = await setUp({ tasks: { start: () => refuse() } });
    const { server, memory, creator } = set;
    const task = await set.client.createTask("web", { creator, keepStdinOpen: true });
    expect(await rejection(task.start())).toMatchObject({ code: "ENGINE_FAILED" });
    expect(() => memory.task("web")).toThrow("no task");
    await task[Symbol.asyncDispose]();
    expect(server.calls).toEqual(["Create", "Wait", "Start", "Delete"]);
  });

  test("whose start got no answer is left to the caller", async () => {
    await using set = await setUp({ tasks: { start: () => refuse(Code.Unavailable) } });
    const { server, memory, creator } = set;
    const task = await set.client.createTask("web", { creator, keepStdinOpen: true });
    expect(await rejection(task.start())).toMatchObject({ code: "UNAVAILABLE" });
    memory.task("web").exit(); // its streams are still there
    await task[Symbol.asyncDispose]();
    expect(server.calls).toEqual(["Create", "Wait", "Start", "Get", "Kill", "Delete"]);
  });

  test("is started only once", async () => {
    await using set = await setUp();
    const task = await set.client.createTask("web", { creator: nullIO });
    await task.start();
    expect(await rejection(task.start())).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("of an unknown container is refused before anything is made", async () => {
    await using set = await setUp();
    const creator = () => expect.unreachable();
    expect(await rejection(set.client.createTask("unknown", { creator }))).toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining('container "unknown"'),
    });
    expect(await rejection(set.client.createTask("a b", { creator }))).toMatchObject({
      code: "INVALID_ID",
    });
    expect(set.server.calls).toEqual([]);
  });

  const unfit: [string, boolean, Partial<IO["config"]>][] = [
    ["stdin alone", false, { stdin: "/x" }],
    ["one output", false, { stdout: "/x" }],
    ["a terminal that the spec hasn't", false, { terminal: true, stdout: "/x" }],
    ["no terminal where the spec has one", true, { stdout: "/x", stderr: "/x" }],
    ["a terminal without stdout", true, { terminal: true }],
  ];
  test.each(unfit)(
    "with %s is refused, and its streams are closed",
    async (_, terminal, config) => {
      await using set = await setUp({ terminal });
      let closed = false;
      const creator = async () =>
        newIO({
          config: { terminal: false, stdin: "", stdout: "", stderr: "", ...config },
          close: async () => void (closed = true),
        });
      expect(await rejection(set.client.createTask("web", { creator }))).toMatchObject({
        code: "INVALID_CONFIG",
      });
      expect(closed).toBe(true);
      expect(set.server.calls).toEqual([]);
    },
  );

  test("whose creation is aborted is deleted if it was made", async () => {
    const abort = new AbortController();
    const paths = { terminal: false, stdin: "", stdout: "/x/web-stdout", stderr: "/x/web-stderr" };
    await using set = await setUp({
      tasks: {
        async create() {
          abort.abort(new Error("enough"));
          await settle();
          return { pid: 1 };
        },
        get: () => ({ process: { id: "web", ...paths } }),
        delete: () => ({ id: "web" }),
      },
    });
    let closed = false;
    const creator = async () => newIO({ config: paths, close: async () => void (closed = true) });
    const { signal } = abort;
    expect(await rejection(set.client.createTask("web", { creator, signal }))).toMatchObject({
      message: "enough",
    });
    expect(closed).toBe(true);
    expect(set.server.calls).toEqual(["Create", "Get", "Delete"]);
  });
});
