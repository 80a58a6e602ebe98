import { describe, expect, test } from "bun:test";
import { newMemoryIO, nullIO, withStreams } from "@taskio/core";
import { startFakeServer } from "./support/fake-server.ts";
import { rejection } from "@taskio/test-support";

const sink = withStreams(undefined, () => {});

describe("disposing", () => {
  test("a task that was made kills and deletes it", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    {
      await using task = await client.createTask("web", { creator: nullIO });
      await task.start();
    }
    expect(server.calls).toEqual(["Create", "Wait", "Start", "Get", "Kill", "Delete"]);
  });

  test("a task that was detached leaves it", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    const memory = newMemoryIO();
    {
      await using task = await client.createTask("web", { creator: memory.newCreator(sink) });
      await task.start();
      await task.detach();
    }
    expect(server.calls).toEqual(["Create", "Wait", "Start"]);
    expect(memory.task("web").config.stdout).toBe("memory:web-stdout");
  });

  test("a task that was loaded leaves it", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    await client.createTask("web", { creator: nullIO });
    {
      await using task = await client.loadTask("web");
      expect(task.pid).toBe(42);
    }
    expect(server.calls).toEqual(["Create", "Get"]);
  });

  test("a task that was deleted, by whomever, does nothing", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    const task = await client.createTask("web", { creator: nullIO });
    await client.loadTask("web").then((other) => other.delete());
    server.calls.length = 0;
    await task[Symbol.asyncDispose]();
    await task[Symbol.asyncDispose]();
    expect(server.calls).toEqual(["Get"]);
  });

  test("a client ends its calls and touches no task", async () => {
    await using server = await startFakeServer();
    const client = await server.connect();
    const task = await client.createTask("web", { creator: nullIO });
    await task.start();
    const wait = task.wait();
    await client[Symbol.asyncDispose]();
    expect(await rejection(wait)).toMatchObject({ code: "CLOSED" });
    expect(await rejection(client.version())).toMatchObject({ code: "CLOSED" });
    expect(server.calls).toEqual(["Create", "Wait", "Start"]);
  });
});

describe("waiting", () => {
  test("is one call for all who wait, and an abort ends only one's wait", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    const task = await client.createTask("web", { creator: nullIO });
    const reason = new Error("enough");
    const aborted = task.wait({ signal: AbortSignal.abort(reason) });
    expect(await rejection(aborted)).toBe(reason);
    const waits = [task.wait(), task.wait(), task.start().then(() => task.wait())];
    await Bun.sleep(20);
    server.exit("web", 7);
    for (const { exitCode } of await Promise.all(waits)) expect(exitCode).toBe(7);
    expect(server.calls).toEqual(["Create", "Wait", "Start"]);
  });

  test("goes on after a detach when asked again", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    const task = await client.createTask("web", { creator: nullIO });
    await task.start();
    const wait = rejection(task.wait());
    const detached = task.detach();
    const again = task.wait(); // not the one that was ended
    await detached;
    expect(await wait).toMatchObject({ code: "STOPPED" });
    server.exit("web", 7);
    expect(await again).toMatchObject({ exitCode: 7 });
    await task.detach();
    expect(await task.wait()).toMatchObject({ exitCode: 7 });
  });
});

describe("deleting", () => {
  test("what runs is refused, unless it is to be killed", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    const task = await client.createTask("web", { creator: nullIO });
    await task.start();
    expect(await rejection(task.delete())).toMatchObject({ code: "IN_USE" });
    expect(await task.delete({ kill: true })).toMatchObject({ exitCode: 137 });
    expect(await task.delete()).toMatchObject({ exitCode: 137 }); // again: the same answer
  });

  test("what somebody else has deleted gives the exit that was seen", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    const task = await client.createTask("web", { creator: nullIO });
    server.exit("web", 7);
    await task.wait();
    await client.loadTask("web").then((other) => other.delete());
    expect(await task.delete()).toMatchObject({ exitCode: 7 });
    expect(await rejection(client.loadTask("web"))).toMatchObject({ code: "NOT_FOUND" });
  });
});
