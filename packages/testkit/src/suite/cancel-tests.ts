import type { IOResult, Sink, Source } from "@taskio/core";
import { describe, expect } from "bun:test";
import { closeSync, constants } from "node:fs";
import { makePipe } from "../streams/make-pipe.ts";
import { NonblockingFD } from "../streams/nonblocking-fd.ts";
import type { Capabilities } from "./backend.ts";
import { expectSameBytes, noise, Random } from "./data.ts";
import type { Suite } from "./suite.ts";
import type { TestBed } from "./test-bed.ts";
import { settledValue, until, within } from "./time.ts";

/** The promise is 100 ms; the test is generous, because a busy machine is no failure. */
const limit = 1000;

/** `cancel()`: settles `wait()` in every state. */
export function cancelTests(suite: Suite): void {
  const stuckSinks: [string, keyof Capabilities | undefined, (called: () => void) => Sink][] = [
    ["a function", undefined, (called) => () => stuck(called)],
    ["a stream", "webStreams", (called) => new WritableStream({ write: () => stuck(called) })],
  ];
  const stuckSources: [string, keyof Capabilities | undefined, () => Source][] = [
    ["an iterable", undefined, () => iterateNothing()],
    ["a stream", "webStreams", () => new ReadableStream({ pull: () => new Promise(() => {}) })],
  ];

  describe("cancel() settles wait()", () => {
    suite.test("when nothing was written", ["copies"], async (bed) => {
      const { io } = await bed.start({ stdout: () => {}, stderr: () => {} });
      await Bun.sleep(20);
      const { stdout, stderr } = await cancel(io);
      expect([stdout?.end, stdout?.bytes, stderr?.end]).toEqual(["stopped", 0, "stopped"]);
    });

    suite.test("when the task never came", ["copies"], async (bed) => {
      const io = await bed.create({ stdout: () => {}, stderr: () => {} });
      await Bun.sleep(20);
      expect((await cancel(io)).stdout?.end).toBe("stopped");
    });

    suite.test("and stdinDone when the task never came", ["copies", "stdin"], async (bed) => {
      const io = await bed.create({ stdin: noise(10), stdout: () => {} });
      await Bun.sleep(20);
      await cancel(io);
      await within("stdinDone", io.stdinDone, limit);
    });

    suite.test("right after the creation", ["copies"], async (bed) => {
      const io = await bed.create({ stdout: () => {} });
      expect((await cancel(io)).stdout?.end).toBe("stopped");
    });

    for (const [name, needs, sink] of stuckSinks) {
      suite.test(`when ${name} as sink is stuck`, ["copies", needs], async (bed) => {
        const called = Promise.withResolvers<void>();
        const { io, peer } = await bed.start({ stdout: sink(called.resolve) });
        await peer.write("stdout", noise(1000));
        await within("the sink's call", called.promise);
        const { stdout } = await cancel(io);
        expect({ ...stdout }).toEqual({
          bytes: stdout!.bytes,
          discarded: 0,
          unacknowledged: stdout!.bytes,
          end: "stopped",
        });
        expect(stdout!.bytes).toBeGreaterThan(0);
      });
    }

    suite.test("when a pipe as sink is full", ["copies", "fds"], async (bed) => {
      const { reader, writer } = makePipe({ reader: 0, writer: 0 });
      try {
        const { io, peer } = await bed.start({ stdout: writer });
        void peer.write("stdout", noise(4 << 20));
        await Bun.sleep(100);
        expect((await cancel(io)).stdout?.end).toBe("stopped");
        await within("close()", io.close());
      } finally {
        closeSync(reader);
        closeSync(writer);
      }
    });

    for (const [name, needs, source] of stuckSources) {
      suite.test(`when ${name} as source is stuck`, ["copies", "stdin", needs], async (bed) => {
        const { io } = await bed.start({ stdin: source(), stdout: () => {} });
        await Bun.sleep(20);
        await cancel(io);
        const result = await within("stdinDone", io.stdinDone, limit);
        expect([result?.end, result?.bytes]).toEqual(["stopped", 0]);
      });
    }

    suite.test("when a pipe as source is silent", ["copies", "stdin", "fds"], async (bed) => {
      const { reader, writer } = makePipe({ reader: 0, writer: 0 });
      try {
        const { io } = await bed.start({ stdin: reader, stdout: () => {} });
        await Bun.sleep(20);
        await cancel(io);
        expect((await within("stdinDone", io.stdinDone, limit))?.end).toBe("stopped");
        await within("close()", io.close());
      } finally {
        closeSync(reader);
        closeSync(writer);
      }
    });

    suite.test("when the task does not read its stdin", ["copies", "stdin"], async (bed) => {
      const { io } = await bed.start({ stdin: noise(4 << 20), stdout: () => {} });
      await Bun.sleep(50);
      await cancel(io);
      const result = await within("stdinDone", io.stdinDone, limit);
      expect(result?.end).toBe("stopped");
      expect(result!.bytes + result!.unacknowledged).toBeLessThanOrEqual(4 << 20);
    });

    suite.test("when it was cancelled before", ["copies"], async (bed) => {
      const { io } = await bed.start({ stdout: () => new Promise(() => {}) });
      io.cancel();
      expect(await cancel(io)).toEqual(await cancel(io));
    });

    suite.test("when a detach waits for a stuck sink", ["copies", "attach"], async (bed) => {
      const { io, peer } = await bed.start({ stdout: () => new Promise(() => {}) });
      await peer.write("stdout", noise(1000));
      await Bun.sleep(20);
      const detaching = bed.detach(io);
      expect(await cancel(io)).toEqual(await detaching);
    });
  });

  describe("cancel()", () => {
    suite.test("after the end changes no result", ["copies"], async (bed) => {
      const { io, peer } = await bed.start({ stdout: () => {} });
      await peer.write("stdout", noise(10));
      await peer.exit();
      const result = await within("wait()", io.wait());
      expect(await cancel(io)).toEqual(result);
      expect(result.stdout?.end).toBe("eof");
    });

    suite.test("counts exactly what the sink was given", ["copies"], async (bed) => {
      const random = new Random(7);
      for (let round = 0; round < 10; round++) {
        const data = noise(500_000, round);
        const seen: Uint8Array[] = [];
        let count = 0;
        const { io, peer } = await bed.start({
          async stdout(chunk) {
            seen.push(chunk);
            count += chunk.length;
            if (random.below(2)) await Bun.sleep(0);
          },
        });
        void peer.write("stdout", data);
        const enough = random.below(300_000);
        await until("enough was copied", () => count >= enough);
        const { stdout } = await cancel(io);
        expect(stdout?.bytes).toBe(count);
        expectSameBytes("what the sink was given", Buffer.concat(seen), data.subarray(0, count));
        await peer.exit();
      }
    });

    suite.test("is the last that a full pipe gets", ["copies", "fds"], async (bed) => {
      const { reader, writer } = makePipe({ reader: constants.O_NONBLOCK, writer: 0 });
      const end = new NonblockingFD(reader);
      try {
        const { io, peer } = await bed.start({ stdout: writer });
        void peer.write("stdout", noise(4 << 20));
        await Bun.sleep(100);
        const { stdout } = await cancel(io);
        let received = 0;
        void (async () => {
          for await (const chunk of end.chunks()) received += chunk.length;
        })();
        await settledValue(() => received);
        expect(received).toBeLessThanOrEqual(stdout!.bytes);
        expect(received).toBeGreaterThanOrEqual(stdout!.bytes - stdout!.unacknowledged);
        if (stdout!.unacknowledged > 0) expect(received).toBeLessThan(stdout!.bytes);
        await within("close()", io.close());
      } finally {
        end.close();
        closeSync(writer);
      }
    });

    suite.test("is the last that a sink hears of", ["copies"], async (bed) => {
      let calls = 0;
      const { io, peer } = await bed.start({ stdout: () => void calls++ });
      await peer.write("stdout", noise(10));
      await until("the copy has begun", () => calls > 0);
      await cancel(io);
      const before = calls;
      void peer.write("stdout", noise(10));
      expect(await settledValue(() => calls)).toBe(before);
    });
  });
}

async function cancel(io: Awaited<ReturnType<TestBed["create"]>>): Promise<IOResult> {
  io.cancel();
  return within("wait() after cancel()", io.wait(), limit);
}

function stuck(called: () => void): Promise<void> {
  called();
  return new Promise(() => {});
}

async function* iterateNothing(): AsyncGenerator<Uint8Array> {
  yield await new Promise<never>(() => {});
}
