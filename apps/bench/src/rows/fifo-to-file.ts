import { outputRow } from "../output-row.ts";

/** A new file in memory. */
export const fifoToFile = outputRow("fifo-to-file", { sink: "file" });
