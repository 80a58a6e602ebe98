import type { LogRecord } from "../log-record.ts";
import { newQuery, type Query } from "./query.ts";
import type { ReadLogsOptions } from "./read-logs-options.ts";
import { recordBatches } from "./record-batches.ts";

/** Records, as they are asked for. Leaving a `for await` loop, or disposing, frees all that it has. */
export interface LogRecords extends AsyncIterableIterator<LogRecord>, AsyncDisposable {
  return(): Promise<IteratorResult<LogRecord>>;
}

/**
 * Reads a log: the files `<path>.2.gz`, `<path>.1`, `<path>` and so on, the oldest first, each record
 * once. A writer may rotate, truncate, remove or compress them meanwhile; a reader takes no lock.
 *
 * Records come in the order in which they were written. What is no record is skipped: garbage, torn
 * ones, lines of more than 16 MiB. A line that is not finished is waited for, or skipped without
 * `follow`; in the format `raw` it comes as it is, and a longer one in parts. Of files that are truncated
 * when they were copied (`copytruncate`), the copy is read to its end, if it is named as a rotated file.
 * Memory is bounded whatever the log has, but for `tail` over compressed files, which takes some bytes
 * for each line that is asked for.
 *
 * Nothing is opened before the first record is asked for. With `follow`, a log that is not there is
 * waited for, until `ended` settles.
 *
 * @param path of the newest file; of a link, the rotated files are beside the file that it leads to
 * @throws TaskIOError `INVALID_ARGUMENT` for options that can't be met; the iterator rejects with the same
 *   for what is no regular file, and for `since`, `until` and `stream` of a `raw` log, which keeps neither;
 *   with `NOT_FOUND`, `PERMISSION`, or `SOURCE_FAILED` where reading fails
 *
 * @example
 * ```ts
 * import { openLogWriter, readLogs } from "@taskio/logs";
 * import { mkdtempSync, rmSync } from "node:fs";
 *
 * const folder = mkdtempSync("/tmp/logs-");
 * {
 *   await using log = await openLogWriter(`${folder}/web.log`);
 *   await log.write("stdout", Buffer.from("one\ntwo\n"));
 *   await log.write("stderr", Buffer.from("three"));
 * }
 * const decoder = new TextDecoder();
 * for await (const { stream, data } of readLogs(`${folder}/web.log`, { tail: 1 })) {
 *   console.log(stream, decoder.decode(data)); // stderr three
 * }
 * const options = { stream: "stdout", follow: true, ended: Promise.resolve() } as const;
 * for await (const { data } of readLogs(`${folder}/web.log`, options)) {
 *   console.log(decoder.decode(data).trim()); // …
 * }
 * rmSync(folder, { recursive: true });
 * ```
 */
export function readLogs(path: string, options: ReadLogsOptions = {}): LogRecords {
  return new Reader(newQuery(path, options), options.signal);
}

const done = { done: true, value: undefined } as const;

class Reader implements LogRecords {
  readonly #left = new AbortController();
  readonly #signal: AbortSignal;
  readonly #batches: AsyncGenerator<LogRecord[], void, undefined>;
  #batch: readonly LogRecord[] = [];
  /** How many of the batch were given. */
  #given = 0;
  /** How many calls of `next` wait, and the last one of them. */
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(query: Query, signal: AbortSignal | undefined) {
    const { signal: left } = this.#left;
    this.#signal = signal ? AbortSignal.any([signal, left]) : left;
    this.#batches = recordBatches(query, this.#signal);
  }

  next(): Promise<IteratorResult<LogRecord>> {
    const isThere = this.#given < this.#batch.length && !this.#signal.aborted;
    if (isThere && this.#waiting === 0) return Promise.resolve(this.#give());
    this.#waiting++;
    const result = this.#last.then(() => this.#wait()).finally(() => this.#waiting--);
    this.#last = result.catch(() => {});
    return result;
  }

  /** Ends a `next` that waits, too. */
  async return(): Promise<IteratorResult<LogRecord>> {
    this.#left.abort();
    this.#batch = [];
    await this.#batches.return().catch(() => {});
    return done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #wait(): Promise<IteratorResult<LogRecord>> {
    try {
      while (this.#given >= this.#batch.length) {
        const { value } = await this.#batches.next();
        if (!value) return done;
        this.#batch = value;
        this.#given = 0;
      }
      this.#signal.throwIfAborted();
      return this.#give();
    } catch (error) {
      this.#batch = [];
      await this.#batches.return();
      if (this.#left.signal.aborted) return done;
      throw error;
    }
  }

  #give(): IteratorResult<LogRecord> {
    return { done: false, value: this.#batch[this.#given++]! };
  }
}
