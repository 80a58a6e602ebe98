export { KeptOpenCopy } from "../kept-open-copy.ts";
export { kickWriters } from "../peer-sweep.ts";
export { openReader, ReadEnd } from "../read-end.ts";
export { WriteEnd } from "../write-end.ts";
export { INBOUND, SPLICE, ZERO_ENDS } from "./layout.ts";
export { Transfer, type TransferEnd } from "./transfer.ts";
