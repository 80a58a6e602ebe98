import { GzipReading } from "./gzip-reading.ts";
import type { LogPart } from "./log-part.ts";
import { PlainReading } from "./plain-reading.ts";
import type { Place, Reading } from "./reading.ts";
import { rememberedSize } from "./sizes.ts";

/**
 * Reads from an offset on; what is before it is remembered as it is now.
 *
 * @param framed whether each record is a line
 */
export async function startReading(
  part: LogPart,
  offset: number,
  framed: boolean,
): Promise<Reading> {
  if (part.compressed) return new GzipReading(part, offset);
  const start = Math.max(0, offset - rememberedSize);
  return new PlainReading(part, { offset, before: await bytesOf(part, start, offset) }, framed);
}

/** Reads on from a place of another file, if this one has the same bytes before it: it is a copy. */
export async function continueReading(
  part: LogPart,
  place: Place,
  framed: boolean,
): Promise<Reading | undefined> {
  const { offset, before } = place;
  if (before.length === 0) return undefined;
  const same = (await bytesOf(part, offset - before.length, offset)).equals(before);
  return same ? startReading(part, offset, framed) : undefined;
}

/** The bytes from `start` to `end`, or to where the part ends. */
export async function bytesOf(part: LogPart, start: number, end: number): Promise<Buffer> {
  if (!part.compressed) {
    const bytes = Buffer.allocUnsafe(end - start);
    return bytes.subarray(0, await part.read(bytes, start));
  }
  const reading = new GzipReading(part, start);
  try {
    const chunks: Buffer[] = [];
    while (reading.place.offset < end) {
      const chunk = await reading.next(end);
      if (typeof chunk === "string") break;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    await reading.close();
  }
}
