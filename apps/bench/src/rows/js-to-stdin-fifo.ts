import { inputRow } from "../input-row.ts";

/** A source in the program: an async iterable, a Reader of Go's, a block. */
export const jsToStdinFifo = inputRow(
  "js-to-stdin-fifo",
  async (_folder, bytes) => `bytes=${bytes}`,
);
