import type { LogRecord } from "../log-record.ts";
import { isSelected } from "./is-selected.ts";
import { LogWatch } from "./log-watch.ts";
import type { LogWalk } from "./log-walk.ts";
import type { Query, Selection } from "./query.ts";
import { RecordSplitter } from "./record-splitter.ts";
import { type StartedWalk, startWalk } from "./start-walk.ts";

type Batches = AsyncGenerator<LogRecord[], void, undefined>;

/** All records of a log that are asked for, some at a time. */
export async function* recordBatches(query: Query, signal: AbortSignal): Batches {
  signal.throwIfAborted();
  using watch = new LogWatch(query, signal);
  const started = await startWalk(query, watch);
  await using walk = started.walk;
  const reader = new WalkReader(started, query.selection, signal);
  for (let { isLast } = started; ;) {
    if (isLast) walk.limit();
    yield* reader.read();
    if (isLast) break;
    await watch.changed();
    isLast = watch.isOver;
    await walk.refresh();
  }
  await watch.throwIfFailed();
}

class WalkReader {
  readonly #walk: LogWalk;
  readonly #splitter: RecordSplitter;
  readonly #signal: AbortSignal;
  #batch: LogRecord[] = [];

  constructor({ walk, format }: StartedWalk, selection: Selection, signal: AbortSignal) {
    this.#walk = walk;
    this.#signal = signal;
    this.#splitter = new RecordSplitter(format, (record, at) => {
      walk.time = record.time;
      const { starts } = walk;
      if (starts && at < starts[record.stream]) return;
      if (isSelected(record, selection)) this.#batch.push(record);
    });
  }

  /** All that is there by now. */
  async *read(): Batches {
    for (;;) {
      const isLeft = this.#walk.isLeft; // looked at first: what was written before is in the part now
      if (!(yield* this.#part(isLeft))) continue;
      this.#splitter.flush();
      yield* this.#given();
      if (!isLeft && !this.#walk.isLeft) return;
      if (!isLeft) continue;
      this.#splitter.nextPart();
      await this.#walk.advance();
    }
  }

  /** What the current part has by now; false where its end is somewhere else. */
  async *#part(isLeft: boolean): AsyncGenerator<LogRecord[], boolean, undefined> {
    for (;;) {
      this.#signal.throwIfAborted();
      const read = await this.#walk.next(isLeft);
      if (read === "end") return true;
      if (read === "cut") {
        if (!(await this.#walk.findPlace())) this.#splitter.reset();
        return false;
      }
      this.#splitter.push(read.block, read.at);
      yield* this.#given();
    }
  }

  *#given(): Generator<LogRecord[], void, undefined> {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    yield batch;
  }
}
