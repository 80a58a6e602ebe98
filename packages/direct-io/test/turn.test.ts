import { expect, test } from "bun:test";
import { ReadableCopy } from "../src/readable-copy.ts";
import { WritableCopy } from "../src/writable-copy.ts";

// Ends that are always ready: promises alone would never let the event loop go on.

const chunkSize = 65_536;
const end = { path: "/x", close() {} };

/** Calls `move` until a timer fires; gives up after a gigabyte. */
async function bytesUntilTimer(move: () => Promise<unknown>): Promise<number> {
  let [late, bytes] = [false, 0];
  setTimeout(() => (late = true), 0);
  for (; !late && bytes < 1 << 30; bytes += chunkSize) await move();
  return bytes;
}

test("reads that never wait let timers run", async () => {
  const copy = new ReadableCopy({
    ...end,
    read: () => new Uint8Array(chunkSize),
    readable: async () => {},
  });
  const reader = copy.stream.getReader();
  expect(await bytesUntilTimer(() => reader.read())).toBeLessThan(1 << 30);
});

test("writes that never wait let timers run", async () => {
  const copy = new WritableCopy({
    ...end,
    opened: Promise.resolve(),
    write: (chunk) => chunk.length,
    writable: async () => {},
  });
  const writer = copy.stream.getWriter();
  const chunk = new Uint8Array(chunkSize);
  expect(await bytesUntilTimer(() => writer.write(chunk))).toBeLessThan(1 << 30);
});
