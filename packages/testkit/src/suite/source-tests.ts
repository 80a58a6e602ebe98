import { describe, expect } from "bun:test";
import { type SourceKind, sourceKinds } from "../streams/source-kinds.ts";
import { collect, expectSameBytes, noise, split } from "./data.ts";
import type { Suite } from "./suite.ts";
import type { TestBed } from "./test-bed.ts";
import { expectPending, settledValue, within } from "./time.ts";

/** What may be taken from a source whose task does not read: pipes and buffers on the way, in bytes. */
const bounded = 16 << 20;

/** Sources, on their way into the task's stdin. */
export function sourceTests(suite: Suite): void {
  describe("stdin", () => {
    for (const kind of sourceKinds) {
      suite.test(`${kind.name} arrives exactly`, ["copies", "stdin", kind.needs], (bed) =>
        deliverInput(bed, kind, [...split(noise(300_000))]),
      );
      suite.test(`${kind.name} may be empty`, ["copies", "stdin", kind.needs], (bed) =>
        deliverInput(bed, kind, []),
      );
    }

    suite.test("an empty chunk is not the end", ["copies", "stdin"], async (bed) => {
      const chunks = [noise(3), new Uint8Array(0), noise(4), new Uint8Array(0)];
      const { io, peer } = await bed.start({ stdin: iterate(chunks) });
      const received = collect(peer.readStdin());
      expect((await within("stdinDone", io.stdinDone))?.bytes).toBe(7);
      await peer.closeIO();
      expectSameBytes("stdin", await within("stdin", received), Buffer.concat(chunks));
    });

    suite.test("arrives when the task comes late", ["copies", "stdin"], async (bed) => {
      const io = await bed.create({ stdin: noise(1000) });
      await Bun.sleep(30);
      const peer = await bed.peer(io);
      const received = collect(peer.readStdin());
      await within("stdinDone", io.stdinDone);
      await peer.closeIO();
      expectSameBytes("stdin", await within("stdin", received), noise(1000));
    });

    suite.test(
      "stdinDone settles at the source's end, not before",
      ["copies", "stdin"],
      async (bed) => {
        const more = Promise.withResolvers<void>();
        async function* source() {
          yield noise(10);
          await more.promise;
          yield noise(20);
        }
        const { io, peer } = await bed.start({ stdin: source() });
        const received = collect(peer.readStdin());
        await expectPending("stdinDone", io.stdinDone);
        more.resolve();
        expect((await within("stdinDone", io.stdinDone))?.bytes).toBe(30);
        await peer.closeIO();
        expect((await within("stdin", received)).length).toBe(30);
      },
    );

    suite.test(
      "stdinDone settles when all was written, not before",
      ["copies", "stdin"],
      async (bed) => {
        const { io, peer } = await bed.start({ stdin: noise(4 << 20) });
        await expectPending("stdinDone", io.stdinDone);
        const received = collect(peer.readStdin());
        expect((await within("stdinDone", io.stdinDone))?.end).toBe("eof");
        await peer.closeIO();
        expectSameBytes("stdin", await within("stdin", received), noise(4 << 20));
      },
    );

    suite.test("stdinDone gives undefined without a stdin", ["copies"], async (bed) => {
      const io = await bed.create({ stdout: () => {} });
      expect(await within("stdinDone", io.stdinDone)).toBeUndefined();
    });

    suite.test(
      "an endless source waits for a task that does not read",
      ["copies", "stdin"],
      async (bed) => {
        let taken = 0;
        async function* source() {
          for (const chunk = noise(65_536); ; taken += chunk.length) yield chunk;
        }
        const { io } = await bed.start({ stdin: source() });
        expect(await settledValue(() => taken)).toBeLessThan(bounded);
        io.cancel();
        expect((await within("stdinDone", io.stdinDone))?.end).toBe("stopped");
      },
    );

    suite.test(
      "nothing is asked of a source whose task never comes",
      ["copies", "stdin", "paths"],
      async (bed) => {
        let asked = false;
        async function* source() {
          asked = true;
          yield noise(1);
        }
        const io = await bed.create({ stdin: source() });
        await Bun.sleep(50);
        io.cancel();
        await within("stdinDone", io.stdinDone);
        expect(asked).toBe(false);
      },
    );
  });
}

/** Sends the pieces as a source of this kind and expects that the task reads exactly them. */
export async function deliverInput(
  bed: TestBed,
  kind: SourceKind,
  pieces: readonly Uint8Array[],
): Promise<void> {
  const { source, finish } = kind.open(pieces);
  const data = Buffer.concat(pieces);
  try {
    const { io, peer } = await bed.start({ stdin: source });
    const received = collect(peer.readStdin());
    expect({ ...(await within("stdinDone", io.stdinDone)) }).toEqual({
      bytes: data.length,
      discarded: 0,
      unacknowledged: 0,
      end: "eof",
    });
    await peer.closeIO();
    expectSameBytes(kind.name, await within("the end of stdin", received), data);
    await within("close()", io.close());
  } finally {
    await finish();
  }
}

async function* iterate(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
