import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat, unlink } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { compressed } from "./rotation.ts";

/** The name of the file that a part is compressed into before it has its own. */
export function unfinished(part: string): string {
  return `${part}${compressed}.tmp`;
}

/** Puts a compressed file in the place of a part. Where it fails, the part is as it was. */
export async function compressPart(part: string, signal: AbortSignal): Promise<void> {
  const temp = unfinished(part);
  try {
    await rm(temp, { force: true }); // a link there would be followed
    const mode = (await stat(part)).mode & 0o777;
    // Flushed: it is on the disk before the part goes.
    const target = createWriteStream(temp, { flags: "wx", mode, flush: true });
    await pipeline(createReadStream(part), createGzip(), target, { signal });
    await rename(temp, part + compressed);
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
  await unlink(part);
}
