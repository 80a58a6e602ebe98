import type { Config } from "./config.ts";
import type { TaskIOError } from "./error.ts";

/** What became of one stream. All numbers are bytes. */
export interface StreamResult {
  /** Bytes handed over: accepted by the kernel, or passed to the sink's `write`. */
  readonly bytes: number;
  /** Bytes taken out of the stream after the sink had failed, and dropped so that the task goes on. */
  readonly discarded: number;
  /**
   * Bytes of `bytes` that a sink was given and had not confirmed when the copy ended. For stdin:
   * bytes taken from the source that the task's FIFO did not accept (not part of `bytes`); a web
   * stream or an iterator gives them first when it is the source of another attach.
   */
  readonly unacknowledged: number;
  /** `eof`: the writer closed; `stopped`: cancel, detach or close; `failed`: see `error`. */
  readonly end: "eof" | "stopped" | "failed";
  /** Why, where `end` is `failed`. */
  readonly error?: TaskIOError;
}

/** The results of the streams that were copied and have ended. */
export interface IOResult {
  readonly stdin?: StreamResult;
  readonly stdout?: StreamResult;
  readonly stderr?: StreamResult;
}

/**
 * A task's streams while they are copied. Go: `cio.IO`.
 *
 * Every byte taken out of a stream is handed to its sink before {@link IO.wait} settles; what was
 * not taken stays with the runtime for the next attach.
 */
export interface IO extends AsyncDisposable {
  /** What the runtime is told. */
  readonly config: Config;
  /**
   * Settles when stdin's source is at its end and everything was written, which is the moment for
   * `CloseIO`; also when stdin was stopped or failed (see `end`). Undefined without a stdin. Never
   * rejects.
   */
  readonly stdinDone: Promise<StreamResult | undefined>;
  /**
   * Waits until stdout and stderr are at their end; stdin is not waited for, as in Go. Aborting
   * the wait rejects with the signal's reason and stops no copy. Failures are in the result.
   */
  wait(options?: { signal?: AbortSignal }): Promise<IOResult>;
  /**
   * Stops copying now, frees the fds and keeps every path. `wait()` settles within 100 ms whatever
   * the state: bytes that a stuck sink has not confirmed by then are counted as `unacknowledged`.
   */
  cancel(): void;
  /**
   * Leaves the task: stops all streams at a chunk boundary and gives what was copied. A later
   * `close()` removes nothing, so that a next attach goes on exactly where this one ended. A sink
   * call under way gets up to a second to end; `cancel()` cuts that short.
   */
  detach(): Promise<IOResult>;
  /**
   * The end: cancels what still copies, then removes what belongs to this IO (a creator's folder,
   * a loaded FIFOSet). Call `wait()` first to lose nothing. Closing twice is fine.
   */
  close(): Promise<void>;
}
