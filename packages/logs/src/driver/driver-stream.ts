import type { ChunkReader } from "@taskio/core";
import type { LogStream } from "../log-record.ts";

/**
 * An output of the task, as a driver gets it: for one consumer, who iterates it, or hands it to
 * `copyToSink` of `@taskio/core`. Nothing is read ahead: a chunk is taken when it is asked for, and the
 * task waits once 64 KiB to 1 MiB are unread. Each chunk is a buffer of its own, to keep.
 *
 * A loop that is left early (`break`) can be followed by another, which goes on where the first one
 * stopped. Two at once are refused with `IN_USE`.
 *
 * It ends when the task and everything that it started have closed their end. It ends early when the
 * driver has failed, and when the time after SIGTERM is over: see `runDriver`.
 */
export interface DriverStream extends AsyncIterable<Uint8Array>, ChunkReader {
  readonly name: LogStream;
  /**
   * 3 or 4: a pipe to read, in blocking mode until the stream is first read here, so that it can be the
   * stdin of a child process instead. Closed at the stream's end.
   */
  readonly fd: number;
}
