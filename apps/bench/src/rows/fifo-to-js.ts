import { outputRow } from "../output-row.ts";

/** A sink in the program: a function, a Writer of Go's, what read gives. All count bytes. */
export const fifoToJs = outputRow("fifo-to-js", { sink: "count" });
