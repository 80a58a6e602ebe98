import { fillFile } from "../fill-file.ts";
import { inputRow } from "../input-row.ts";

const block = new Uint8Array(1 << 20).fill(120);

/** A file in memory is a task's stdin. */
export const fileToStdinFifo = inputRow("file-to-stdin-fifo", async (folder, bytes) => {
  const path = folder.file();
  await fillFile(path, bytes, block);
  return `file=${path}`;
});
