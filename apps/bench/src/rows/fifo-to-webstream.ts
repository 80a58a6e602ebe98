import { outputRow } from "../output-row.ts";

/** A web stream whose sink counts bytes; the others have none, and count as in fifo-to-js. */
export const fifoToWebstream = outputRow("fifo-to-webstream", { sink: "stream" });
