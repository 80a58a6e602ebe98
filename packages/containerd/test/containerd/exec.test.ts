import { expect, test } from "bun:test";
import type { Task } from "../../src/index.ts";
import { command } from "../support/spec.ts";
import { rejection } from "@taskio/test-support";
import { TextSink } from "../support/text-sink.ts";
import { describeWithContainerd, type Setup } from "../support/with-containerd.ts";

const encode = (text: string) => new TextEncoder().encode(text);

describeWithContainerd("an exec of containerd", (setup) => {
  let count = 0;

  /** Runs `run` with a task to exec in. */
  async function inTask(run: (task: Task) => Promise<void>): Promise<void> {
    await using task = await setup.newTask(["sleep", "1000"]);
    await task.start();
    await run(task);
  }

  const exec = (task: Task, args: string[], ...streams: Parameters<Setup["streams"]>) =>
    task.exec(`e${++count}`, { process: command(args), creator: setup.streams(...streams) });

  test("gives its outputs exactly, and its exit code", () =>
    inTask(async (task) => {
      const out = new TextSink();
      const err = new TextSink();
      const script = "echo out; echo err >&2; exit 9";
      await using process = await exec(task, ["sh", "-c", script], undefined, out.sink, err.sink);
      expect(process.pid).toBe(0);
      await process.start();
      expect(process.pid).toBeGreaterThan(0);
      expect(await process.wait()).toMatchObject({ exitCode: 9 });
      expect(await process.delete()).toMatchObject({ exitCode: 9, drained: true });
      expect([out.text, err.text]).toEqual(["out\n", "err\n"]);
    }));

  test(
    "ends when its stdin does: 20 times empty, 20 times 5 bytes (c#4489)",
    () =>
      inTask(async (task) => {
        for (let i = 0; i < 40; i++) {
          const text = i % 2 ? "12345" : "";
          const out = new TextSink();
          await using process = await exec(task, ["cat"], encode(text), out.sink);
          await process.start();
          expect(await process.wait({ signal: AbortSignal.timeout(20_000) })).toMatchObject({
            exitCode: 0,
          });
          await process.delete();
          expect(out.text).toBe(text);
        }
      }),
    120_000,
  );

  test("with a child left behind is over after the grace (c#7802)", () =>
    inTask(async (task) => {
      const out = new TextSink();
      const script = "(sleep 60; echo late) & echo early";
      await using process = await exec(task, ["sh", "-c", script], undefined, out.sink);
      await process.start();
      await process.wait();
      const start = performance.now();
      expect(await process.drain({ grace: 300 })).toBe(false);
      expect(performance.now() - start).toBeLessThan(2000);
      expect(out.text).toBe("early\n");
      expect(await process.delete({ grace: 300 })).toMatchObject({ exitCode: 0, drained: false });
      expect(performance.now() - start).toBeLessThan(20_000); // the shim has a grace of its own
    }));

  test("can be killed alone", () =>
    inTask(async (task) => {
      await using process = await exec(task, ["sleep", "1000"]);
      await process.start();
      const pids = (await task.pids()).map(({ pid }) => pid);
      expect(pids.sort()).toEqual([task.pid, process.pid].sort());
      await process.kill("SIGKILL");
      expect(await process.wait()).toMatchObject({ exitCode: 137 });
      await process.delete();
      expect((await task.status()).state).toBe("running");
    }));

  test("that can't be started leaves nothing", () =>
    inTask(async (task) => {
      await using process = await exec(task, ["no-such-command"], encode("x"), () => {});
      expect(setup.fifoFolders()).toHaveLength(1);
      expect(await rejection(process.start())).toMatchObject({
        code: "ENGINE_FAILED",
        message: expect.stringContaining("executable file not found"),
      });
      expect(setup.fifoFolders()).toEqual([]);
      const again = await task.exec(process.id, {
        process: command(["true"]),
        creator: setup.streams(),
      });
      await again.delete(); // the id is free, and what was never started can be deleted
    }));

  test("with an id that is taken leaves the first alone", () =>
    inTask(async (task) => {
      const out = new TextSink();
      await using first = await exec(task, ["echo", "first"], undefined, out.sink);
      const creator = setup.streams(undefined, () => {});
      const second = task.exec(first.id, { process: command(["true"]), creator });
      expect(await rejection(second)).toMatchObject({ code: "IN_USE" });
      await first.start();
      await first.wait();
      await first.delete();
      expect(out.text).toBe("first\n");
    }));

  test("of a task that is gone still removes its streams", async () => {
    await using task = await setup.newTask(["sleep", "1000"]);
    await task.start();
    const process = await exec(task, ["sleep", "1000"], undefined, () => {});
    await process.start();
    await task.delete({ kill: true });
    expect(setup.fifoFolders()).toHaveLength(1);
    await process[Symbol.asyncDispose]();
    expect(setup.fifoFolders()).toEqual([]);
  });
});
