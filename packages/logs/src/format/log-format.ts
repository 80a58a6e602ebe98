import type { LogRecord, LogStream } from "../log-record.ts";
import type { ByteBuffer } from "./byte-buffer.ts";

/**
 * How a log file says what was written, when and by which stream. {@link openLogWriter} and
 * {@link readLogs} take any.
 */
export interface LogFormat {
  /** `cri`, `json-file`, `raw`, or another one of a format of your own. */
  readonly name: string;
  /**
   * Whether each record is a line of the file, with its stream and its time. Where it is not, the file
   * is the task's output as it came, and what follows its last newline is a record too.
   */
  readonly framed: boolean;
  /** Makes the encoder of one stream of one task. */
  newEncoder(stream: LogStream): RecordEncoder;
  /**
   * Reads one line of a file.
   *
   * @param line with its newline; without one where the file is not framed and ends there
   * @returns undefined for what is no record of this format, such as a torn one; `data` may be a view
   *   of `line`
   */
  decode(line: Uint8Array): LogRecord | undefined;
}

/**
 * Makes records of what a stream gives, chunk by chunk. What it keeps back is lost where the program is
 * killed, so ours keep no more than part of a character.
 */
export interface RecordEncoder {
  /**
   * Appends the records of a chunk to `out`. Where the format is framed, each is whole and ends with its
   * only newline: a line of the chunk, or the part of one that it ends with. `time` is in ms since 1970
   * (UTC). The chunk's memory may be used again afterwards.
   */
  encode(chunk: Uint8Array, time: number, out: ByteBuffer): void;
  /** The stream has ended: appends what was kept back. */
  end(time: number, out: ByteBuffer): void;
}
