import { CountedLines } from "../counted/counted-lines.ts";

/** Random numbers that are the same in each run, so that a failure repeats. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 up to, not including, `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0; // mulberry32
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }
}

/** `length` bytes without a pattern. */
export function noise(length: number, seed = 1): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

/** The bytes of the lines 1 to `limit`, for a `CountedOutput`. */
export function countedBytes(limit: number): Uint8Array {
  const counted = new CountedLines();
  const blocks: Buffer[] = [];
  for (; counted.first + counted.linesWithin(counted.block.length) <= limit; counted.next())
    blocks.push(Buffer.from(counted.block));
  for (let line = counted.first; line <= limit; line++) blocks.push(Buffer.from(`${line}\n`));
  return Buffer.concat(blocks);
}

/** `data` in pieces of random length, up to `max` bytes each. */
export function* split(data: Uint8Array, max = 100_000, seed = 1): Generator<Uint8Array> {
  const random = new Random(seed);
  for (let at = 0; at < data.length;) {
    const length = 1 + random.below(max);
    yield data.subarray(at, at + length);
    at += length;
  }
}

/** Throws unless the two are equal; says where they differ instead of printing both. */
export function expectSameBytes(what: string, seen: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(seen, expected) === 0) return;
  const at = seen.findIndex((byte, i) => byte !== expected[i]);
  const where = at < 0 ? "nothing after what was seen differs" : `first difference at byte ${at}`;
  throw new Error(`${what}: ${seen.length} bytes instead of ${expected.length}; ${where}`);
}

/** All pieces as one. */
export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(pieces));
}
