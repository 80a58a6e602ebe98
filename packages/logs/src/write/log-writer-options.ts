import type { TaskIOError } from "@taskio/core";
import type { LogFormat } from "../format/log-format.ts";
import type { LogLoss } from "./log-loss.ts";

/** Options of {@link openLogWriter}. */
export interface LogWriterOptions {
  /** How records are written. Default: `criFormat`, which keeps every byte. */
  readonly format?: LogFormat | undefined;
  /**
   * The most bytes that a file gets before it is rotated; a record that is larger has a file of its
   * own. Default: no rotation.
   */
  readonly maxSize?: number | undefined;
  /** How many files there are in all, the one being written counted. Default: 1, old ones are removed. */
  readonly maxFiles?: number | undefined;
  /** Whether rotated files are compressed with gzip, in the background. Default: false. */
  readonly compress?: boolean | undefined;
  /**
   * Whether each SIGHUP that this process gets, until the writer is closed, calls `reopen`: for logrotate
   * and its like, which move the file away and then send it. What that fails with goes to `onError`, and
   * the log goes on in its old file. Default: false; SIGHUP then ends a process, but not a driver.
   */
  readonly reopenOnSIGHUP?: boolean | undefined;
  /**
   * How long to wait for another writer to close the file, in ms. Default: 5000, since the driver of a task may
   * still be at the end of it when a task of the same name starts.
   */
  readonly lockMs?: number | undefined;
  /** Ends that wait. */
  readonly signal?: AbortSignal | undefined;
  /** The permissions of files that are made, less the umask. Default: 0o640. */
  readonly mode?: number | undefined;
  /**
   * Told that output is being lost, and once more when that is over: not for each chunk. It may write
   * to the log. Default: `process.emitWarning`.
   */
  readonly onLoss?: ((loss: LogLoss) => void) | undefined;
  /**
   * Told of what went wrong without a loss: a file that could not be rotated, and goes on growing
   * until it can, or not be compressed, and stays as it is, or not be reopened. Default: `process.emitWarning`.
   */
  readonly onError?: ((error: TaskIOError) => void) | undefined;
}
