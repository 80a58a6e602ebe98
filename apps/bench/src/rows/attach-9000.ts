import { attachRow } from "../attach-row.ts";

/** Go's process dies near 10 000: it may have no more threads. */
export const attach9000 = attachRow(9000);
