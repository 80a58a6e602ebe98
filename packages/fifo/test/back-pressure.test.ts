import { type Sink, withFIFODir, withStreams } from "@taskio/core";
import { spawnTask } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import { closeSync } from "node:fs";
import { newCreator } from "../src/index.ts";
import { pipe } from "../src/pipe.ts";
import { withoutLeaks } from "./support/leaks.ts";

// Rule 7: memory stays bounded whatever a side does.

const offered = 500_000_000;
const bound = 40_000_000;

async function growth(run: () => Promise<void>): Promise<number> {
  Bun.gc(true);
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
  await run();
  clearInterval(timer);
  return Math.max(peak, process.memoryUsage.rss()) - before;
}

const stuck = new Promise<never>(() => {});

describe(`a sink that never reads, ${offered / 1e6} MB offered: the task waits`, () => {
  const sinks: Record<string, () => { sink: Sink; free(): void }> = {
    "a function": () => ({ sink: () => stuck, free() {} }),
    "a WritableStream": () => ({ sink: new WritableStream({ write: () => stuck }), free() {} }),
    "a pipe": () => {
      const [readEnd, writeEnd] = pipe();
      return { sink: writeEnd, free: () => [readEnd, writeEnd].forEach((fd) => closeSync(fd)) };
    },
  };

  test.each(Object.entries(sinks))("%s", (_, make) =>
    withoutLeaks(async (dir) => {
      const { sink, free } = make();
      await using io = await newCreator(withStreams(undefined, sink), withFIFODir(dir))("t");
      const grown = await growth(async () => {
        await using task = spawnTask(io.config, ["head", "-c", String(offered), "/dev/zero"]);
        const exited = await Promise.race([task.exited, Bun.sleep(300)]);
        expect(exited).toBeUndefined();
        io.cancel();
        expect((await io.wait()).stdout!.bytes).toBeLessThan(3_000_000);
      });
      expect(grown).toBeLessThan(bound);
      free();
    }),
  );

  test("a slow function gets all of it in the end", () =>
    withoutLeaks(async (dir) => {
      let bytes = 0;
      const sink = async (chunk: Uint8Array) => {
        bytes += chunk.length;
        if (bytes % 1_000 === 0) await Bun.sleep(0);
      };
      await using io = await newCreator(withStreams(undefined, sink), withFIFODir(dir))("t");
      const grown = await growth(async () => {
        await using task = spawnTask(io.config, ["head", "-c", String(offered), "/dev/zero"]);
        expect((await io.wait()).stdout).toMatchObject({ bytes: offered, end: "eof" });
        await task.exited;
      });
      expect(bytes).toBe(offered);
      expect(grown).toBeLessThan(200_000_000); // garbage that was not collected yet
    }));
});

test("a source that never ends, to a task that does not read", () =>
  withoutLeaks(async (dir) => {
    let pulled = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1 << 20));
      },
    });
    await using io = await newCreator(
      withStreams(source, () => {}),
      withFIFODir(dir),
    )("t");
    await using task = spawnTask(io.config, ["sleep", "60"]);
    expect(await growth(() => Bun.sleep(200))).toBeLessThan(bound);
    expect(pulled).toBeLessThan(4);
    io.cancel();
    expect(await io.stdinDone).toMatchObject({ bytes: 65_536, unacknowledged: (1 << 20) - 65_536 });
    task.kill();
  }));

test("fast output does not starve timers, nor does a fast source", () =>
  withoutLeaks(async (dir) => {
    let bytes = 0;
    const sink = (chunk: Uint8Array) => void (bytes += chunk.length);
    await using io = await newCreator(withStreams(endless(), sink), withFIFODir(dir))("t");
    await using task = spawnTask(io.config, ["cat"]);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await Bun.sleep(500);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
    expect(bytes).toBeGreaterThan(1_000_000);
    io.cancel();
    await io.wait();
    task.kill();
  }));

async function* endless(): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(100_000);
  for (;;) yield chunk;
}
