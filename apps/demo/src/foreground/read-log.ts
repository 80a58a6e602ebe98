import type { FileHandle } from "node:fs/promises";

const chunkSize = 64 * 1024;
/** How often to look for more, in ms. */
const period = 50;

/**
 * What a file has by now, and what comes into it until `ended` settles. The last look is after that, and
 * no look goes beyond the size that the file had at its begin: a writer may be as fast as the reader. A
 * chunk is good until the next one.
 *
 * @throws what `ended` rejects with, after all of the file
 */
export function readLog(file: FileHandle, ended?: Promise<unknown>): AsyncGenerator<Uint8Array> {
  const over = (ended ?? Promise.resolve()).then(
    () => true,
    () => true, // handled here at once, and thrown after the last look
  );
  return read(file, ended, over);
}

async function* read(
  file: FileHandle,
  ended: Promise<unknown> | undefined,
  over: Promise<boolean>,
): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(chunkSize);
  let at = 0;
  for (let last = !ended; ;) {
    for (const { size } = await file.stat(); at < size;) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(chunkSize, size - at), at);
      if (bytesRead === 0) break; // somebody has cut it off
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
    if (last) break;
    last = await Promise.race([over, Bun.sleep(period).then(() => false)]);
  }
  await ended;
}
