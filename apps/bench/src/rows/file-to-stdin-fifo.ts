import { inputRow } from "../input-row.ts";

const block = new Uint8Array(1 << 20).fill(120);

/** A file in memory is a task's stdin. */
export const fileToStdinFifo = inputRow("file-to-stdin-fifo", async (folder, bytes) => {
  const path = folder.file();
  const writer = Bun.file(path).writer();
  for (let left = bytes; left > 0; left -= block.length) {
    writer.write(left < block.length ? block.subarray(0, left) : block);
    await writer.flush();
  }
  await writer.end();
  return `file=${path}`;
});
