import { logRow } from "../log-row.ts";

/** docker's format, beside nerdctl's encoder. */
export const writeJsonFile = logRow("write-json-file", "json-file");
