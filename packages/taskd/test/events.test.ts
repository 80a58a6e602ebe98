import { Code } from "@connectrpc/connect";
import {
  type Envelope,
  TaskExecStartedSchema,
  TaskExitSchema,
  TaskStartSchema,
  unpackAny,
} from "@taskio/containerd/proto";
import { expect, test } from "bun:test";
import { codeOf } from "./support/code-of.ts";
import { connect, TestRuntime } from "./support/test-runtime.ts";
import { until } from "@taskio/test-support";

function listen(runtime: TestRuntime, ...filters: string[]) {
  const stop = new AbortController();
  const seen: Envelope[] = [];
  const clients = connect(runtime.address, "");
  const done = (async () => {
    try {
      for await (const event of clients.events.subscribe({ filters }, { signal: stop.signal })) {
        seen.push(event);
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  })();
  return {
    seen,
    topics: () => seen.map(({ topic }) => topic),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
      clients.close();
    },
  };
}

test("a task's and its execs' events, in order, filtered", async () => {
  await using runtime = await TestRuntime.start();
  await using all = listen(runtime);
  await using some = listen(runtime, 'namespace==test,topic~="^/tasks/ex"', "event.id==nothing");
  await using other = listen(
    runtime,
    "namespace==other",
    "event.container_id!=t1,event.container_id",
  );
  await Bun.sleep(100);
  await runtime.task("t1", ["sleep", "100"]);
  const pid = await runtime.start("t1");
  await runtime.exec("t1", "e1", ["sh", "-c", "exit 9"]);
  const execPid = await runtime.start("t1", "e1");
  await runtime.wait("t1", "e1");
  await runtime.tasks.deleteProcess({ containerId: "t1", execId: "e1" });
  await runtime.tasks.kill({ containerId: "t1", signal: 9 });
  await runtime.wait("t1");
  await runtime.tasks.delete({ containerId: "t1" });
  await runtime.containers.delete({ id: "t1" });
  await until(() => all.topics().includes("/containers/delete"), "the last event");
  expect(all.topics()).toEqual([
    "/containers/create",
    "/tasks/create",
    "/tasks/start",
    "/tasks/exec-added",
    "/tasks/exec-started",
    "/tasks/exit",
    "/tasks/delete",
    "/tasks/exit",
    "/tasks/delete",
    "/containers/delete",
  ]);
  expect(new Set(all.seen.map(({ namespace }) => namespace))).toEqual(new Set(["test"]));
  expect(unpackAny(TaskStartSchema, all.seen[2]!.event)).toMatchObject({ containerId: "t1", pid });
  expect(unpackAny(TaskExecStartedSchema, all.seen[4]!.event)).toMatchObject({
    containerId: "t1",
    execId: "e1",
    pid: execPid,
  });
  expect(unpackAny(TaskExitSchema, all.seen[5]!.event)).toMatchObject({
    containerId: "t1",
    id: "e1",
    pid: execPid,
    exitStatus: 9,
  });
  expect(unpackAny(TaskExitSchema, all.seen[7]!.event)).toMatchObject({
    id: "t1",
    exitStatus: 137,
  });
  expect(all.seen[7]!.event!.typeUrl).toBe("containerd.events.TaskExit");
  expect(some.topics()).toEqual([
    "/tasks/exec-added",
    "/tasks/exec-started",
    "/tasks/exit",
    "/tasks/exit",
  ]);
  expect(other.topics()).toEqual([]);
});

test("a filter that is none is refused", async () => {
  await using runtime = await TestRuntime.start();
  for (const filter of ["topic==", "==x", "a==b,", 'a~="("', "a=b"]) {
    const first = runtime.clients.events.subscribe({ filters: [filter] })[Symbol.asyncIterator]();
    expect([filter, await codeOf(first.next())]).toEqual([filter, Code.InvalidArgument]);
  }
});

test("events of clients are handed on", async () => {
  await using runtime = await TestRuntime.start();
  await using all = listen(runtime);
  await Bun.sleep(100);
  await runtime.clients.events.publish({ topic: "/mine/x", event: { typeUrl: "a.B" } });
  await until(() => all.seen.length === 1, "the event");
  expect(all.seen[0]).toMatchObject({
    namespace: "test",
    topic: "/mine/x",
    event: { typeUrl: "a.B" },
  });
});
