export type { DirectIO, DirectStreams } from "./direct-io.ts";
export { newDirectIO } from "./new-direct-io.ts";
export { newDirectIOFromFIFOSet } from "./new-direct-io-from-fifo-set.ts";
