import type { TaskIOError } from "@taskio/core";
import type { LogStream } from "../log-record.ts";

/**
 * Writes a task's output to a log file: see {@link openLogWriter}.
 *
 * A write never fails for what the disk does: see {@link LogWriter.lost}. It blocks for as long as the
 * system call takes.
 */
export interface LogWriter extends AsyncDisposable {
  /** The file that is being written, as an absolute path. */
  readonly path: string;
  /**
   * What could not be written since the log was opened: bytes of the task's output, and why last. Exact
   * but for `json-file`, which may count a character that two chunks share with the wrong one.
   */
  readonly lost: { readonly bytes: number; readonly error: TaskIOError | undefined };

  /**
   * Writes what a stream gave. All of it is in the file when the call has returned, or when the promise
   * has settled that it returned: there is one only where files are rotated faster than they are
   * compressed. The chunk is not kept.
   *
   * @throws TaskIOError `CLOSED` after {@link close}
   */
  write(stream: LogStream, chunk: Uint8Array): void | Promise<void>;

  /** The stream has ended: writes what its format has kept back of it, which is part of a character. */
  end(stream: LogStream): void | Promise<void>;

  /** A stream as a sink of a task's output, for `withStreams` and the like. */
  sink(stream: LogStream): (chunk: Uint8Array) => void | Promise<void>;

  /**
   * Goes on in a new file at the path, after somebody moved the old one away, as logrotate does before
   * it sends SIGHUP; `reopenOnSIGHUP` of the options does it then. Nothing changes where nobody has.
   *
   * @throws TaskIOError as of {@link openLogWriter}; the log goes on in the old file
   */
  reopen(): Promise<void>;

  /**
   * Ends both streams and closes the file, once what was rotated is compressed. May be called twice.
   *
   * @param options.signal ends the compression, which leaves its file as it is
   */
  close(options?: { signal?: AbortSignal | undefined }): Promise<void>;
}
