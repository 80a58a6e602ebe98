import { describe, expect } from "bun:test";
import { type SinkKind, sinkKinds } from "../streams/sink-kinds.ts";
import { expectSameBytes, noise, split } from "./data.ts";
import type { Suite } from "./suite.ts";
import type { TestBed } from "./test-bed.ts";
import { settledValue, until, within } from "./time.ts";

/** What a writer may get rid of while nobody reads: pipes and buffers on the way, in bytes. */
const bounded = 16 << 20;

/** Outputs of the task, on their way into sinks. */
export function sinkTests(suite: Suite): void {
  describe("outputs", () => {
    for (const kind of sinkKinds) {
      suite.test(`${kind.name} receives exactly what was written`, ["copies", kind.needs], (bed) =>
        deliverOutput(bed, kind, [...split(noise(300_000))]),
      );
    }

    suite.test("stdout and stderr stay apart", ["copies"], async (bed) => {
      const seen = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
      const { io, peer } = await bed.start({
        stdout: (chunk) => void seen.stdout.push(chunk),
        stderr: async (chunk) => void seen.stderr.push(chunk),
      });
      const data = { stdout: noise(200_000, 1), stderr: noise(150_000, 2) };
      const write = async (name: "stdout" | "stderr", seed: number) => {
        for (const piece of split(data[name], 20_000, seed)) await peer.write(name, piece);
      };
      await within("both writes", Promise.all([write("stdout", 3), write("stderr", 4)]));
      await peer.exit();
      const result = await within("wait()", io.wait());
      expectSameBytes("stdout", Buffer.concat(seen.stdout), data.stdout);
      expectSameBytes("stderr", Buffer.concat(seen.stderr), data.stderr);
      expect([result.stdout?.bytes, result.stderr?.bytes]).toEqual([200_000, 150_000]);
    });

    suite.test("stderr alone is copied too", ["copies"], async (bed) => {
      const seen: Uint8Array[] = [];
      const { io, peer } = await bed.start({ stderr: (chunk) => void seen.push(chunk) });
      await peer.write("stderr", noise(1000));
      await peer.exit();
      const result = await within("wait()", io.wait());
      expectSameBytes("stderr", Buffer.concat(seen), noise(1000));
      expect(result.stdout).toBeUndefined();
    });

    suite.test("a terminal's output comes to stdout", ["copies", "terminal"], async (bed) => {
      const seen: Uint8Array[] = [];
      const { io, peer } = await bed.start({
        stdout: (chunk) => void seen.push(chunk),
        terminal: true,
      });
      await peer.write("stdout", noise(1000));
      await peer.exit();
      await within("wait()", io.wait());
      expectSameBytes("stdout", Buffer.concat(seen), noise(1000));
    });

    suite.test(
      "what was written before the task exits is read after it",
      ["copies"],
      async (bed) => {
        const seen: Uint8Array[] = [];
        const { io, peer } = await bed.start({
          async stdout(chunk) {
            await Bun.sleep(50);
            seen.push(chunk);
          },
        });
        await peer.write("stdout", noise(1000, 1));
        await Bun.sleep(20);
        await peer.write("stdout", noise(1000, 2));
        await peer.exit();
        await within("wait()", io.wait());
        expectSameBytes(
          "stdout",
          Buffer.concat(seen),
          Buffer.concat([noise(1000, 1), noise(1000, 2)]),
        );
      },
    );

    suite.test("a task that writes nothing gives empty results", ["copies"], async (bed) => {
      const { io, peer } = await bed.start({ stdout: () => {}, stderr: () => {} });
      await peer.exit();
      const empty = { bytes: 0, discarded: 0, unacknowledged: 0, end: "eof" as const };
      const { stdout, stderr } = await within("wait()", io.wait());
      expect([{ ...stdout }, { ...stderr }]).toEqual([empty, empty]);
    });

    suite.test(
      "a sink that keeps its chunks sees them unchanged later",
      ["copies"],
      async (bed) => {
        const kept: Uint8Array[] = [];
        const copies: Uint8Array[] = [];
        const { io, peer } = await bed.start({
          stdout(chunk) {
            kept.push(chunk);
            copies.push(Uint8Array.from(chunk));
          },
        });
        for (const piece of split(noise(500_000), 50_000))
          await within("a write", peer.write("stdout", piece));
        await peer.exit();
        await within("wait()", io.wait());
        expectSameBytes("the kept chunks", Buffer.concat(kept), Buffer.concat(copies));
      },
    );

    suite.test("a sink may take a chunk's buffer away", ["copies"], async (bed) => {
      const moved: ArrayBuffer[] = [];
      const { io, peer } = await bed.start({
        stdout: (chunk) =>
          void moved.push(
            structuredClone(chunk.buffer as ArrayBuffer, {
              transfer: [chunk.buffer as ArrayBuffer],
            }),
          ),
      });
      for (const piece of split(noise(200_000)))
        await within("a write", peer.write("stdout", piece));
      await peer.exit();
      expect((await within("wait()", io.wait())).stdout?.bytes).toBe(200_000);
    });

    suite.test(
      "a function gets its next chunk when its promise has settled",
      ["copies"],
      async (bed) => {
        let calls = 0;
        let most = 0;
        const { io, peer } = await bed.start({
          async stdout() {
            most = Math.max(most, ++calls);
            await Bun.sleep(1);
            calls--;
          },
        });
        for (const piece of split(noise(300_000), 30_000))
          await within("a write", peer.write("stdout", piece));
        await peer.exit();
        await within("wait()", io.wait());
        expect(most).toBe(1);
      },
    );

    suite.test("a sink that never takes anything stops the writer", ["copies"], (bed) =>
      expectBounded(bed, () => new Promise(() => {})),
    );

    suite.test(
      "a stream that never takes anything stops the writer",
      ["copies", "webStreams"],
      (bed) => expectBounded(bed, new WritableStream({ write: () => new Promise(() => {}) })),
    );

    suite.test("the stuck sink of one output does not stop the other", ["copies"], async (bed) => {
      let seen = 0;
      const { peer } = await bed.start({
        stdout: () => new Promise(() => {}),
        stderr: (chunk) => void (seen += chunk.length),
      });
      void peer.write("stdout", noise(1 << 20));
      for (const piece of split(noise(1 << 20)))
        await within("a write", peer.write("stderr", piece));
      await until("stderr is copied", () => seen === 1 << 20);
    });
  });
}

/** Writes the pieces to stdout and expects that a sink of this kind receives exactly them. */
export async function deliverOutput(
  bed: TestBed,
  kind: SinkKind,
  pieces: readonly Uint8Array[],
): Promise<void> {
  const { sink, finish } = kind.open();
  let received: Uint8Array;
  const data = Buffer.concat(pieces);
  try {
    const { io, peer } = await bed.start({ stdout: sink });
    for (const piece of pieces) await within("a write", peer.write("stdout", piece));
    await peer.exit();
    const { stdout } = await within("wait()", io.wait());
    expect({ ...stdout }).toEqual({
      bytes: data.length,
      discarded: 0,
      unacknowledged: 0,
      end: "eof",
    });
    await within("close()", io.close()); // a copy that still held the sink would keep its end open
  } finally {
    received = await finish();
  }
  expectSameBytes(kind.name, received, data);
}

async function expectBounded(bed: TestBed, stdout: Parameters<TestBed["start"]>[0]["stdout"]) {
  const { io, peer } = await bed.start({ stdout });
  let accepted = 0;
  const write = async () => {
    for (const piece = noise(65_536); accepted < 4 * bounded; accepted += piece.length)
      await peer.write("stdout", piece);
  };
  write().catch(() => {}); // ends with the task
  expect(await settledValue(() => accepted)).toBeLessThan(bounded);
  io.cancel();
  const { stdout: result } = await within("wait()", io.wait());
  expect(result?.end).toBe("stopped");
  expect(result?.unacknowledged).toBeGreaterThan(0);
  expect(result?.bytes).toBeLessThanOrEqual(bounded);
}
