import { withFIFODir, withStreams } from "@taskio/core";
import { openFifoPeer } from "@taskio/testkit";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { newCreator } from "../src/index.ts";
import { giveChunkBack, readBuffer, takeChunk } from "../src/read-buffer.ts";
import { withoutLeaks } from "./support/leaks.ts";
import { random } from "./support/random.ts";

// The FIFOs of a process read into one spare buffer; chunks are the sinks' to keep all the same.

const seeds = fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 12 });

test("tasks that write at once: each sink gets its own task's bytes, in buffers of its own", () =>
  withoutLeaks(async (dir) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seeds) => {
        const kept = await Promise.all(seeds.map((seed) => copyRandom(dir, seed)));
        const buffers = kept.flat().map(({ buffer }) => buffer);
        for (const chunk of kept.flat()) expect(isZero(behind(chunk))).toBe(true);
        expect(new Set(buffers).size).toBe(buffers.length);
        for (const [i, seed] of seeds.entries()) {
          expect(Bun.hash(Buffer.concat(kept[i]!))).toBe(Bun.hash(Buffer.concat(pieces(seed))));
        }
      }),
      { numRuns: 10 },
    );
  }));

/** Gives the chunks that a function got which was slow with some of them. */
async function copyRandom(dir: string, seed: number): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = [];
  const sink = (chunk: Uint8Array) => {
    kept.push(chunk);
    if (chunk.length % 3 === 0) return Bun.sleep(0);
  };
  await using io = await newCreator(withStreams(undefined, sink), withFIFODir(dir))(`t${seed}`);
  const peer = openFifoPeer(io.config);
  for (const piece of pieces(seed)) await peer.write("stdout", piece);
  peer.exit();
  expect((await io.wait()).stdout!.end).toBe("eof");
  return kept;
}

/** What its buffer has after a chunk: nothing of other FIFOs. */
function behind(chunk: Uint8Array): Uint8Array {
  return new Uint8Array(chunk.buffer, chunk.byteOffset + chunk.byteLength);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** Random bytes, in pieces of up to 150 KB. */
function pieces(seed: number): Uint8Array[] {
  const next = random(seed);
  const count = 1 + Math.floor(next() * 40);
  return Array.from({ length: count }, () => {
    const piece = new Uint32Array(1 + Math.floor(next() ** 4 * 37_500));
    for (let i = 0; i < piece.length; i++) piece[i] = next() * 2 ** 32;
    return new Uint8Array(piece.buffer);
  });
}

test.each([false, true])(
  "a chunk that was given back is read into again (grown: %p)",
  (isGrown) => {
    const buffer = readBuffer(isGrown);
    const chunk = takeChunk(buffer, buffer.length);
    expect(readBuffer(isGrown).buffer).not.toBe(chunk.buffer);
    giveChunkBack(chunk);
    expect(readBuffer(isGrown).buffer).toBe(chunk.buffer);
  },
);

test("few of those that were given back are kept, and none of another size", () => {
  const size = readBuffer(false).length;
  const given = Array.from({ length: 100 }, () => new Uint8Array(size));
  for (const chunk of [...given, new Uint8Array(100)]) giveChunkBack(chunk);
  const again = Array.from({ length: 100 }, () => takeChunk(readBuffer(false), size).buffer);
  expect(given.filter(({ buffer }) => again.includes(buffer)).length).toBeLessThanOrEqual(8);
});
