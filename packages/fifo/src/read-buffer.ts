/** The default capacity of a FIFO, and a part of a grown one's. */
const usual = 65_536;
const large = 4 * usual;

/** What the next reads go into, by size, whatever FIFO they are of: one is over before another begins. */
const spare = new Map<number, Uint8Array[]>();
/** How many of a size are kept. */
const mostSpare = 8;

/** A buffer for one read, not cleared. */
export function readBuffer(isGrown: boolean): Uint8Array {
  const size = isGrown ? large : usual;
  let its = spare.get(size);
  if (!its) spare.set(size, (its = []));
  if (its.length === 0) its.push(new Uint8Array(Buffer.allocUnsafeSlow(size).buffer));
  return its.at(-1)!;
}

/**
 * The first bytes of a {@link readBuffer}, for keeps. Few are copied, so that a kept chunk never holds
 * more memory than twice its size.
 */
export function takeChunk(buffer: Uint8Array, size: number): Uint8Array {
  if (size < buffer.length / 2) return buffer.slice(0, size);
  spare.get(buffer.length)!.pop();
  return buffer.fill(0, size).subarray(0, size); // what is behind it was somebody else's
}

/** A {@link takeChunk} that nobody has any longer: its memory is there already, and warm. */
export function giveChunkBack({ buffer }: Uint8Array): void {
  const its = spare.get(buffer.byteLength);
  if (its && its.length < mostSpare) its.push(new Uint8Array(buffer as ArrayBuffer));
}
