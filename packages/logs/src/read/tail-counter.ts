import { newline } from "../format/newline.ts";
import type { LogRecord, LogStream } from "../log-record.ts";

/** Whether a record is the last one of its line. */
export function endsLine({ data }: LogRecord): boolean {
  return data.at(-1) === newline;
}

/** Told of the records of a log, the newest first, says which ones are of its last lines. */
export class TailCounter {
  #left: number;
  #isStopped = false;
  /** Whether the line is wanted whose end was seen last. */
  readonly #wanted = new Map<LogStream, boolean>();

  /** @param lines how many are wanted */
  constructor(lines: number) {
    this.#left = lines;
  }

  /** How many lines are still to be found. */
  get left(): number {
    return this.#left;
  }

  /** Whether all lines were found, whole or not. */
  get isFull(): boolean {
    return this.#left === 0;
  }

  /** Whether no record before these is wanted. */
  get isDone(): boolean {
    return this.#isStopped || (this.isFull && ![...this.#wanted.values()].includes(true));
  }

  /** No record before these is wanted. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Whether no more records of a stream are wanted. */
  isClosed(stream: LogStream): boolean {
    return this.#isStopped || this.#wanted.get(stream) === false;
  }

  /** @returns whether it is wanted; once it is not, none of its stream is any more */
  add(stream: LogStream, isEnd: boolean): boolean {
    if (this.isClosed(stream)) return false;
    const wanted = this.#wanted.get(stream);
    if (wanted === undefined || isEnd) {
      this.#wanted.set(stream, this.#left > 0);
      if (this.#left === 0) return false;
      this.#left--;
    }
    return true;
  }
}
