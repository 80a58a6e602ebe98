export { hubSocketPath } from "../hub-socket-path.ts";
export { isDeadSocket } from "../is-dead-socket.ts";
export { removeFIFOs } from "../remove-fifos.ts";
export {
  type AbandonedFIFODirs,
  abandonedFIFODirs,
  type AbandonedFIFODirsOptions,
} from "./abandoned-fifo-dirs.ts";
export type { FIFODir } from "./fifo-dir.ts";
export { type FIFOHolder, type FIFOHolders, fifoHolders } from "./fifo-holders.ts";
export { findFIFO, type FoundFIFO } from "./find-fifo.ts";
export type { KeptFIFODir } from "./kept-fifo-dir.ts";
export {
  type RemovedFIFODirs,
  removeFIFODirs,
  type RemoveFIFODirsOptions,
} from "./remove-fifo-dirs.ts";
export { type UnreadBytes, unreadBytes } from "./unread-bytes.ts";
