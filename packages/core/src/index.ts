export type { Attach } from "./attach.ts";
export type { Config, StreamName } from "./config.ts";
export { type Copy, stopGrace } from "./copy.ts";
export { type ChunkWriter, copyFromSource } from "./copy-from-source.ts";
export { type ChunkReader, copyToSink } from "./copy-to-sink.ts";
export type { Creator } from "./creator.ts";
export {
  TaskIOError,
  type TaskIOErrorCode,
  taskIOErrorCodes,
  type TaskIOErrorOptions,
} from "./error.ts";
export { type FIFOSet, newFIFOSet } from "./fifo-set.ts";
export type { IO, IOResult, StreamResult } from "./io.ts";
export { isWired } from "./is-wired.ts";
export { load } from "./load.ts";
export type { MemoryTask } from "./memory/memory-task.ts";
export { type MemoryIO, newMemoryIO } from "./memory/new-memory-io.ts";
export { newConfig } from "./new-config.ts";
export { type IOParts, newIO } from "./new-io.ts";
export { newStreams } from "./new-streams.ts";
export { nullIO } from "./null-io.ts";
export { type ChunkSink, openSink } from "./open-sink.ts";
export { type ChunkSource, openSource } from "./open-source.ts";
export type { Opt } from "./opt.ts";
export type { Sink, Source, Streams } from "./streams.ts";
export { Turn } from "./turn.ts";
export { validateID } from "./validate-id.ts";
export { withFIFODir } from "./with-fifo-dir.ts";
export { withStdio } from "./with-stdio.ts";
export { withStreams } from "./with-streams.ts";
export { withTerminal } from "./with-terminal.ts";
