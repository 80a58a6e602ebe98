/** The default capacity of a FIFO, and a part of a grown one's. */
const usual = 65_536;
const large = 4 * usual;

/** What the next reads go into, by size, whatever FIFO they are of: one is over before another begins. */
const spare = new Map<number, Uint8Array>();

/** A buffer for one read, not cleared. */
export function readBuffer(isGrown: boolean): Uint8Array {
  const size = isGrown ? large : usual;
  const buffer = spare.get(size) ?? new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
  spare.set(size, buffer);
  return buffer;
}

/**
 * The first bytes of a {@link readBuffer}, for keeps. Few are copied, so that a kept chunk never holds
 * more memory than twice its size.
 */
export function takeChunk(buffer: Uint8Array, size: number): Uint8Array {
  if (size < buffer.length / 2) return buffer.slice(0, size);
  spare.delete(buffer.length);
  return buffer.fill(0, size).subarray(0, size); // what is behind it was somebody else's
}
