import type { ChunkReader, IOResult } from "@taskio/core";

/**
 * What an output can be read from: a pipe's fd, or a reader such as the `stdout` of a log driver
 * (`runDriver` of @taskio/logs).
 */
export type HubOutput = number | ChunkReader;

/** A hub that has a task's outputs, and no stdin: its viewers only look. */
export interface OutputHub extends AsyncDisposable {
  /** Where viewers come. */
  readonly socket: string;
  /** How many viewers are attached. */
  readonly viewers: number;
  /**
   * Waits until stdout and stderr are at their end. Viewers that come later still get the replay, until
   * the hub is closed. Aborting the wait rejects with the signal's reason and stops nothing.
   *
   * @returns what was read. Where the log failed, `end` is `failed`, and what it did not get is `discarded`.
   */
  wait(options?: { signal?: AbortSignal }): Promise<IOResult>;
  /**
   * Stops, and removes the socket. Viewers get what was read, within a second. Twice is fine. The set of the
   * task's FIFOs is closed, where the hub was given one.
   */
  close(): Promise<void>;
}
