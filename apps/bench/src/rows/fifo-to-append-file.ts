import { outputRow } from "../output-row.ts";

/** A file that is opened with O_APPEND, as a shell's `>>` does. */
export const fifoToAppendFile = outputRow("fifo-to-append-file", { sink: "append" });
