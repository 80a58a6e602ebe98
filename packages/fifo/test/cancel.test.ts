import {
  type IO,
  newFIFOSet,
  type Opt,
  type Sink,
  type Source,
  withFIFODir,
  withStreams,
} from "@taskio/core";
import { spawnTask, type Task } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import { closeSync, unlinkSync } from "node:fs";
import { newAttach, newCreator, newFIFOSetInDir } from "../src/index.ts";
import { pipe } from "../src/pipe.ts";
import { BUSY, IDLE, STATE, STRIDE } from "../src/reactor/layout.ts";
import { Reactor } from "../src/reactor/reactor.ts";
import { withoutLeaks } from "./support/leaks.ts";

// Rule 2: cancel() settles wait() within 100 ms in every state. Asserted with room for a busy machine.
const limit = 500;

async function create(dir: string, ...opts: Opt[]): Promise<IO> {
  return newCreator(...opts, withFIFODir(dir))("t");
}

async function expectPrompt(io: IO): Promise<void> {
  const start = performance.now();
  io.cancel();
  await io.wait();
  await io.stdinDone;
  expect(performance.now() - start).toBeLessThan(limit);
}

/** Waits until the task is blocked because nothing takes its output any more. */
async function untilBlocked(task: Task): Promise<void> {
  const state = async () => (await Bun.file(`/proc/${task.pid}/wchan`).text()) || "";
  for (let same = 0; same < 3; await Bun.sleep(10))
    same = /pipe/.test(await state()) ? same + 1 : 0;
}

const stuck = new Promise<never>(() => {});
const stuckSinks: Record<string, () => { sink: Sink; free(): void }> = {
  "a function that never settles": () => ({ sink: () => stuck, free() {} }),
  "a WritableStream that never settles": () => ({
    sink: new WritableStream({ write: () => stuck }),
    free() {},
  }),
  "a full pipe": () => {
    const [readEnd, writeEnd] = pipe();
    return { sink: writeEnd, free: () => [readEnd, writeEnd].forEach((fd) => closeSync(fd)) };
  },
};

const stuckSources: Record<string, () => { source: Source; free(): void }> = {
  "an async iterable that never yields": () => ({
    source: { [Symbol.asyncIterator]: () => ({ next: () => stuck }) },
    free() {},
  }),
  "a ReadableStream that never gives": () => ({
    source: new ReadableStream<Uint8Array>({ pull: () => stuck }),
    free() {},
  }),
  "a pipe that nobody writes": () => {
    const [readEnd, writeEnd] = pipe();
    return { source: readEnd, free: () => [readEnd, writeEnd].forEach((fd) => closeSync(fd)) };
  },
};

describe("cancel settles wait, and stdinDone", () => {
  test("when no peer ever came (c#8326)", () =>
    withoutLeaks(async (dir) => {
      for (const source of [new Uint8Array(9), 0]) {
        await using io = await create(
          dir,
          withStreams(source, () => {}, 2),
        );
        await expectPrompt(io);
        expect((await io.wait()).stdout).toEqual({
          bytes: 0,
          discarded: 0,
          unacknowledged: 0,
          end: "stopped",
        });
        expect(await io.stdinDone).toMatchObject({ bytes: 0, end: "stopped" });
      }
    }));

  test("when the peer is idle (c#8326)", () =>
    withoutLeaks(async (dir) => {
      for (const sink of [() => {}, 2] as const) {
        await using io = await create(dir, withStreams(undefined, sink, sink));
        await using task = spawnTask(io.config, ["sleep", "60"]);
        await Bun.sleep(20);
        await expectPrompt(io);
        task.kill();
      }
    }));

  test.each(Object.entries(stuckSinks))("when the sink is %s", (_, make) =>
    withoutLeaks(async (dir) => {
      const { sink, free } = make();
      await using io = await create(dir, withStreams(undefined, sink));
      await using task = spawnTask(io.config, ["yes"]);
      await untilBlocked(task);
      await expectPrompt(io);
      const { stdout } = await io.wait();
      expect(stdout!.bytes).toBeGreaterThan(0);
      expect(stdout!.unacknowledged).toBe(typeof sink === "number" ? 0 : stdout!.bytes);
      free();
    }),
  );

  test.each(Object.entries(stuckSources))("when the source is %s", (_, make) =>
    withoutLeaks(async (dir) => {
      const { source, free } = make();
      await using io = await create(
        dir,
        withStreams(source, () => {}),
      );
      await using task = spawnTask(io.config, ["cat"]);
      await Bun.sleep(20);
      await expectPrompt(io);
      task.kill();
      free();
    }),
  );

  test("when the task does not read its stdin", () =>
    withoutLeaks(async (dir) => {
      await using io = await create(
        dir,
        withStreams(new Uint8Array(1_000_000), () => {}),
      );
      await using task = spawnTask(io.config, ["sleep", "60"]);
      await Bun.sleep(20);
      await expectPrompt(io);
      const stdin = await io.stdinDone;
      expect(stdin).toMatchObject({
        bytes: 65_536,
        unacknowledged: 1_000_000 - 65_536,
        end: "stopped",
      });
      task.kill();
    }));

  test("when the FIFOs are gone", () =>
    withoutLeaks(async (dir) => {
      await using io = await create(
        dir,
        withStreams(new Uint8Array(9), () => {}, 2),
      );
      for (const path of [io.config.stdin, io.config.stdout, io.config.stderr]) unlinkSync(path);
      await expectPrompt(io);
    }));

  test("when the reactor is stuck: the stream fails with ENGINE_FAILED", () =>
    withoutLeaks(async (dir) => {
      await using io = await create(dir, withStreams(undefined, 1));
      const { words } = Reactor.get().table;
      const slots = [...words.keys()].filter((i) => i % STRIDE === STATE && words[i] === IDLE);
      for (const state of slots) words[state] = BUSY; // as in a write that does not return
      await expectPrompt(io);
      expect((await io.wait()).stdout).toMatchObject({
        end: "failed",
        error: { code: "ENGINE_FAILED" },
      });
      for (const state of slots) words[state] = IDLE; // it returns at last
    }));

  test("when a transfer of stdin is stuck", () =>
    withoutLeaks(async (dir) => {
      const [readEnd, writeEnd] = pipe();
      await using io = await create(
        dir,
        withStreams(readEnd, () => {}),
      );
      await using task = spawnTask(io.config, ["cat"]);
      const { words } = Reactor.get().table;
      const idle = () => [...words.keys()].filter((i) => i % STRIDE === STATE && words[i] === IDLE);
      while (idle().length === 0) await Bun.sleep(1);
      const slots = idle();
      for (const state of slots) words[state] = BUSY;
      await expectPrompt(io);
      expect(await io.stdinDone).toMatchObject({ end: "failed", error: { code: "ENGINE_FAILED" } });
      for (const state of slots) words[state] = IDLE;
      for (const fd of [readEnd, writeEnd]) closeSync(fd);
      task.kill();
    }));

  test("when called again and again while a sink is stuck", () =>
    withoutLeaks(async (dir) => {
      await using io = await create(
        dir,
        withStreams(undefined, () => stuck),
      );
      await using task = spawnTask(io.config, ["yes"]);
      await Bun.sleep(20);
      const again = setInterval(() => io.cancel(), 10);
      await expectPrompt(io);
      clearInterval(again);
      task.kill();
    }));

  test("when called twice, after close, and after the end", () =>
    withoutLeaks(async (dir) => {
      await using io = await create(
        dir,
        withStreams(undefined, () => {}),
      );
      io.cancel();
      await expectPrompt(io);
      await io.close();
      await expectPrompt(io);
      await using ended = await create(
        dir,
        withStreams(undefined, () => {}),
      );
      await using task = spawnTask(ended.config, ["true"]);
      await ended.wait();
      await expectPrompt(ended);
      expect((await ended.wait()).stdout?.end).toBe("eof");
      await task.exited;
    }));
});

describe("a stop in the same turn as the attach stops every kind of copy", () => {
  const sources: Record<string, () => { source: Source; free(): void }> = {
    ...stuckSources,
    bytes: () => ({ source: new Uint8Array(10), free() {} }),
  };

  test.each(Object.entries(sources))("from %s", (_, make) =>
    withoutLeaks(async (dir) => {
      await using fifos = await newFIFOSetInDir(dir, "t", false);
      await using task = spawnTask(fifos.config, ["cat"]);
      for (const stop of ["cancel", "detach", "close"] as const) {
        const { source, free } = make();
        const io = await newAttach(withStreams(source, () => {}))(newFIFOSet(fifos.config));
        const start = performance.now();
        void io[stop]();
        expect(await io.stdinDone).toMatchObject({ bytes: 0, end: "stopped" });
        await io.wait();
        expect(performance.now() - start).toBeLessThan(limit);
        free();
      }
      task.kill();
    }),
  );
});

test("cancel keeps every path; close removes what the creator made", () =>
  withoutLeaks(async (dir) => {
    const io = await create(
      dir,
      withStreams(undefined, () => {}),
    );
    io.cancel();
    await io.wait();
    await using again = await newAttach(withStreams(undefined, () => {}))(newFIFOSet(io.config));
    expect(again.config.stdout).toBe(io.config.stdout);
    await again.detach();
    await io.close();
    await expect(newAttach(withStreams(undefined, 1))(newFIFOSet(io.config))).rejects.toMatchObject(
      {
        code: "NOT_FOUND",
      },
    );
  }));

test("aborting a wait stops no copy", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    let text = "";
    const sink = (chunk: Uint8Array) => void (text += new TextDecoder().decode(chunk));
    const io = await newAttach(withStreams(undefined, sink))(fifos);
    await expect(io.wait({ signal: AbortSignal.timeout(10) })).rejects.toMatchObject({
      name: "TimeoutError",
    });
    await expect(io.wait({ signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    await using task = spawnTask(fifos.config, ["echo", "later"]);
    expect((await io.wait({ signal: new AbortController().signal })).stdout?.end).toBe("eof");
    expect(text).toBe("later\n");
    await task.exited;
  }));
