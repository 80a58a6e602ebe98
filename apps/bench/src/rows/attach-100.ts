import { attachRow } from "../attach-row.ts";

export const attach100 = attachRow(100);
