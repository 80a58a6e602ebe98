import { describe, expect, test } from "bun:test";
import { nullIO, withStreams, withTerminal } from "@taskio/core";
import type { FakeOptions } from "./support/fake-server.ts";
import { rejection } from "@taskio/test-support";
import { refuse, settle, setUp } from "./support/set-up.ts";

const command = { args: ["true"], cwd: "/" };

describe("an exec", () => {
  async function setUpTask(options?: FakeOptions) {
    const set = await setUp(options);
    const task = await set.client.createTask("web", { creator: nullIO });
    await task.start();
    set.server.calls.length = 0;
    return { ...set, task };
  }

  test("gets the end of its stdin once, after Start (c#4489)", async () => {
    const started = Promise.withResolvers<void>();
    const starts = [async () => ({ pid: 1 }), async () => (await started.promise, { pid: 2 })];
    await using set = await setUpTask({ tasks: { start: () => starts.shift()!() } });
    const { server, creator } = set;
    const exec = await set.task.exec("e1", { process: command, creator });
    const closed = exec.closeIO(); // asked for early: kept until there is somebody to tell
    await settle();
    const starting = exec.start();
    await settle();
    expect(server.calls).toEqual(["Exec e1", "Wait e1", "Start e1"]);
    started.resolve();
    await starting;
    await closed;
    await settle();
    expect(server.calls).toEqual(["Exec e1", "Wait e1", "Start e1", "CloseIO e1"]);
    expect(exec.pid).toBe(2);
  });

  test("is deleted after its outputs were drained", async () => {
    await using set = await setUpTask();
    const { server, memory, creator } = set;
    const exec = await set.task.exec("e1", { process: command, creator, keepStdinOpen: true });
    await exec.start();
    server.exit("e1");
    setTimeout(() => memory.task("e1").exit(), 100);
    expect(await exec.delete()).toMatchObject({ drained: true });
    expect(server.calls).toEqual(["Exec e1", "Wait e1", "Start e1", "Get e1", "DeleteProcess e1"]);
  });

  test("whose outputs stay open is deleted after the grace (c#7802)", async () => {
    await using set = await setUpTask();
    const { server, memory, creator } = set;
    const exec = await set.task.exec("e1", { process: command, creator });
    await exec.start();
    await memory.task("e1").write("stdout", "hi");
    server.exit("e1");
    const start = performance.now();
    expect(await exec.drain({ grace: 100 })).toBe(false);
    expect(await exec.delete({ grace: 200 })).toMatchObject({
      drained: false,
      io: { stdout: { bytes: 2 } },
    });
    expect(performance.now() - start).toBeWithin(190, 1000);
  });

  test("that can't be started leaves nothing", async () => {
    await using set = await setUpTask({
      tasks: { start: ({ execId }) => (execId ? refuse() : { pid: 1 }) },
    });
    const { server, creator } = set;
    const exec = await set.task.exec("e1", { process: command, creator, keepStdinOpen: true });
    expect(await rejection(exec.start())).toMatchObject({ code: "ENGINE_FAILED" });
    expect(() => set.memory.task("e1")).toThrow("no task");
    expect(server.calls).toEqual(["Exec e1", "Wait e1", "Start e1", "DeleteProcess e1"]);
  });

  test("has the terminal that its streams have, and no other", async () => {
    await using set = await setUpTask();
    const { server, memory } = set;
    const creator = memory.newCreator(
      withStreams(undefined, () => {}),
      withTerminal,
    );
    const process = { ...command, terminal: false };
    expect(await rejection(set.task.exec("e1", { process, creator }))).toMatchObject({
      code: "INVALID_CONFIG",
    });
    expect(() => memory.task("e1")).toThrow("no task");
    await set.task.exec("e2", { process: command, creator });
    expect(server.calls).toEqual(["Exec e2"]);
  });

  test("with an id that is taken leaves nothing", async () => {
    await using set = await setUpTask();
    const { creator } = set;
    await set.task.exec("e1", { process: command, creator: nullIO });
    for (const id of ["e1", "web"]) {
      expect(await rejection(set.task.exec(id, { process: command, creator }))).toMatchObject({
        code: "IN_USE",
      });
      expect(() => set.memory.task(id)).toThrow("no task");
    }
  });
});
