import { outputRow } from "../output-row.ts";

/** As in `taskio run … | other`. */
export const fifoToPipe = outputRow("fifo-to-pipe", { sink: "pipe" });
