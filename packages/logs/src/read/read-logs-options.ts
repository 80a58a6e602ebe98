import type { LogFormat } from "../format/log-format.ts";
import type { LogStream } from "../log-record.ts";

/** What of a log to read, and for how long. */
export interface ReadLogsOptions {
  /**
   * How the files are written. The default finds it by their first lines: the first one that is a
   * record of `cri` or `json-file` decides, and without one it is `raw`. An empty log has none: with
   * `follow`, the first line is waited for. Give it where a task may write such lines itself.
   *
   * @default the one that is found
   */
  readonly format?: LogFormat | undefined;
  /**
   * Whether to wait for more at the end, as `tail -F` does: over rotation, truncation and removal, and
   * for a log that is not there yet. Ends by `signal`, `ended` or `until`.
   *
   * @default false
   */
  readonly follow?: boolean | undefined;
  /**
   * How many lines to begin with: the last ones of those that `since`, `until` and `stream` let through.
   * A line is all records of a stream up to one that ends with a newline, or up to the end of the log.
   * 0 is for what comes from now on.
   *
   * @default all
   */
  readonly tail?: number | undefined;
  /**
   * Records of this time and later: a Date, or ns since 1970 (UTC). The files of a log are taken to be
   * in the order of time, so that older ones need not be read.
   */
  readonly since?: Date | bigint | undefined;
  /** Records up to this time, as `since`. With `follow`, reading ends once the clock has passed it. */
  readonly until?: Date | bigint | undefined;
  /** Records of this stream only. */
  readonly stream?: LogStream | undefined;
  /** Ends it: the iterator rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * With `follow`: settles when nobody writes any more, as the `wait` of a task does. What was written
   * before is all read; then the iterator ends, or rejects with what this one rejects with.
   */
  readonly ended?: Promise<unknown> | undefined;
}
