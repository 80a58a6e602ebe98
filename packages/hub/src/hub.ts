import type { Config, IOResult } from "@taskio/core";

/** The one client of a task's FIFOs, and the one that its viewers talk to. */
export interface Hub extends AsyncDisposable {
  /** The task's. */
  readonly config: Config;
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
   * Leaves the task: what was not read stays in its FIFOs, for the next hub or attach, and no path is
   * removed, by a later `close()` neither. Viewers get what was read, within a second, and see that the
   * hub went away.
   */
  detach(): Promise<IOResult>;
  /**
   * Stops, closes the set of the task's FIFOs, and removes the socket. Viewers get what was read, within
   * a second. Twice is fine.
   */
  close(): Promise<void>;
}
