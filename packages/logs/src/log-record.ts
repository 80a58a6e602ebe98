/** Which of a task's outputs a record is of. */
export type LogStream = "stdout" | "stderr";

/** A piece of a task's output: a line, or a part of one. */
export interface LogRecord {
  readonly stream: LogStream;
  /** When it was written, in ns since 1970 (UTC); undefined where the format keeps no time. */
  readonly time: bigint | undefined;
  /** The task's own bytes; they end with a newline where the record ends a line, and hold no other one. */
  readonly data: Uint8Array;
}
