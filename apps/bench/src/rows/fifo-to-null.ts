import { outputRow } from "../output-row.ts";

/** What is thrown away: what the copying itself costs. */
export const fifoToNull = outputRow("fifo-to-null", { sink: "null" });
