export { kickWriters } from "../peer-sweep.ts";
export { openReader, ReadEnd } from "../read-end.ts";
export { WriteEnd } from "../write-end.ts";
