import { outputRow } from "../output-row.ts";

/** A task that writes to stdout and stderr at once. */
export const twoStreams = outputRow("two-streams", { sink: "null", streams: 2 });
