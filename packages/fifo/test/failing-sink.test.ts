import { type Sink, TaskIOError, withFIFODir, withStreams } from "@taskio/core";
import { spawnTask } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import { closeSync, openSync } from "node:fs";
import { newCreator } from "../src/index.ts";
import { pipe } from "../src/pipe.ts";
import { withoutLeaks } from "./support/leaks.ts";
import { socketPair } from "./support/socket-pair.ts";

// Rule 6: a failing sink is isolated (n#5137, c#12462: there the task wedges at 72 KiB).

const boom = new Error("boom");
const size = 1_000_000;
const command = ["sh", "-c", `head -c ${size} /dev/zero; head -c ${size} /dev/zero >&2`];

const sinks: Record<string, () => { sink: Sink; errno?: string; free(): void }> = {
  "a function that throws": () => ({
    sink() {
      throw boom;
    },
    free() {},
  }),
  "a function that rejects": () => ({ sink: () => Promise.reject(boom), free() {} }),
  "a WritableStream that fails": () => ({
    sink: new WritableStream({
      write() {
        throw boom;
      },
    }),
    free() {},
  }),
  "a pipe whose reader left": () => {
    const [readEnd, writeEnd] = pipe();
    closeSync(readEnd);
    return { sink: writeEnd, errno: "EPIPE", free: () => closeSync(writeEnd) };
  },
  "a socket whose peer left": () => {
    const [ours, theirs] = socketPair();
    closeSync(theirs);
    return { sink: ours, errno: "EPIPE", free: () => closeSync(ours) };
  },
  "a full disk": () => {
    const fd = openSync("/dev/full", "w");
    return { sink: fd, errno: "ENOSPC", free: () => closeSync(fd) };
  },
};

describe("one output fails, the other is complete and the task is not blocked", () => {
  test.each(Object.entries(sinks))("%s", (_, make) =>
    withoutLeaks(async (dir) => {
      const { sink, errno, free } = make();
      let other = 0;
      const counting = (chunk: Uint8Array) => void (other += chunk.length);
      await using io = await newCreator(
        withStreams(undefined, sink, counting),
        withFIFODir(dir),
      )("t");
      await using task = spawnTask(io.config, command);
      const { stdout, stderr } = await io.wait();
      expect(await task.exited).toBe(0);
      expect(stderr).toEqual({ bytes: size, discarded: 0, unacknowledged: 0, end: "eof" });
      expect(other).toBe(size);
      expect(stdout!.end).toBe("failed");
      expect(stdout!.error).toBeInstanceOf(TaskIOError);
      expect(stdout!.error).toMatchObject({ code: "SINK_FAILED", ...(errno && { errno }) });
      if (!errno) expect(stdout!.error!.cause).toBe(boom);
      expect(stdout!.bytes + stdout!.discarded).toBe(size);
      expect(stdout!.discarded).toBeGreaterThan(0);
      free();
    }),
  );
});

test("what a sink had taken before it failed is counted as delivered", () =>
  withoutLeaks(async (dir) => {
    let taken = 0;
    const sink = (chunk: Uint8Array) => {
      if (taken > 300_000) throw boom;
      taken += chunk.length;
    };
    await using io = await newCreator(withStreams(undefined, sink), withFIFODir(dir))("t");
    await using task = spawnTask(io.config, command);
    const { stdout } = await io.wait();
    expect(stdout!.bytes - stdout!.unacknowledged).toBe(taken);
    expect(stdout!.bytes + stdout!.discarded).toBe(size);
    await task.exited;
  }));

test("cancel ends the draining too", () =>
  withoutLeaks(async (dir) => {
    const [readEnd, writeEnd] = pipe();
    closeSync(readEnd);
    for (const sink of [writeEnd, () => Promise.reject(boom)]) {
      await using io = await newCreator(withStreams(undefined, sink), withFIFODir(dir))("t");
      await using task = spawnTask(io.config, ["yes"]);
      await Bun.sleep(30);
      io.cancel();
      expect((await io.wait()).stdout).toMatchObject({
        end: "failed",
        error: { code: "SINK_FAILED" },
      });
      task.kill();
    }
    closeSync(writeEnd);
  }));

test("one WritableStream takes both outputs, and is unlocked when both have ended", () =>
  withoutLeaks(async (dir) => {
    let bytes = 0;
    const both = new WritableStream<Uint8Array>({ write: (chunk) => void (bytes += chunk.length) });
    await using io = await newCreator(withStreams(undefined, both, both), withFIFODir(dir))("t");
    await using task = spawnTask(io.config, command);
    const { stdout, stderr } = await io.wait();
    expect([stdout!.bytes, stderr!.bytes, bytes]).toEqual([size, size, 2 * size]);
    expect(both.locked).toBe(false);
    await task.exited;
  }));
