import type { TaskIOError } from "@taskio/core";

/** Output of a task that a log writer could not write, such as while the disk was full. */
export interface LogLoss {
  /** Bytes of the task's output that this spell has cost so far. */
  readonly bytes: number;
  /** Why: the failure that the spell began with. */
  readonly error: TaskIOError;
  /** Whether the spell is over: a record could be written again, or the writer was closed. */
  readonly over: boolean;
  /** Whether it is over only because the writer was closed: nothing could be written to the end. */
  readonly closed: boolean;
}
