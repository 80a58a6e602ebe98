import { attachRow } from "../attach-row.ts";

export const attach1000 = attachRow(1000);
