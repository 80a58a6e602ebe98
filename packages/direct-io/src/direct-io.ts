import type { IO } from "@taskio/core";

/** The streams of a task in the caller's hands. One that is not wired is missing. */
export interface DirectStreams {
  /** What is written here the task reads. Closing it is the end of the input: see `IO.stdinDone`. */
  readonly stdin?: WritableStream<Uint8Array> | undefined;
  /** What the task writes, as long as the caller reads. */
  readonly stdout?: ReadableStream<Uint8Array> | undefined;
  /** As `stdout`; missing for a task with a terminal, which has one output. */
  readonly stderr?: ReadableStream<Uint8Array> | undefined;
}

/**
 * An IO whose streams the caller reads and writes, instead of giving sinks and a source. Go:
 * `cio.DirectIO`.
 *
 * Nothing is read ahead: a byte is taken out of a FIFO only for a `read()` that waits for it, so
 * what the caller did not read is there for the next attach. The task waits while nobody reads.
 *
 * `wait()` settles once the caller has read stdout and stderr to the end, or has cancelled them.
 * `cancel()`, `detach()` and `close()` end the streams: a pending or later `read()` or `write()`
 * rejects with the TaskIOError `STOPPED`.
 */
export interface DirectIO extends IO, DirectStreams {}
