import type { LogFormat } from "../format/log-format.ts";
import type { LogStream } from "../log-record.ts";
import { GzipReading } from "./gzip-reading.ts";
import { isSelected } from "./is-selected.ts";
import type { LogPart } from "./log-part.ts";
import type { Selection } from "./query.ts";
import { RecordSplitter } from "./record-splitter.ts";
import type { Starts } from "./tail.ts";
import { endsLine, type TailCounter } from "./tail-counter.ts";

/** The last record of a line, or of what a stream has after its last whole line. */
interface Ending {
  readonly stream: LogStream;
  readonly at: number;
  readonly isWhole: boolean;
}

/** Reads a part forward, and keeps no more of it than where its last lines end. */
export async function tailOfCompressed(
  part: LogPart,
  counter: TailCounter,
  format: LogFormat,
  selection: Selection,
): Promise<Starts> {
  const endings = await lastEndings(part, counter.left, format, selection);
  const starts = { stdout: 0, stderr: 0 };
  for (const stream of ["stdout", "stderr"] as const) {
    if (counter.isClosed(stream)) starts[stream] = Infinity;
  }
  for (const { stream, at, isWhole } of endings.toReversed()) {
    if (counter.isClosed(stream)) continue;
    if (!counter.add(stream, isWhole)) starts[stream] = at + 1; // the records after that one
  }
  return starts;
}

/**
 * Of whole lines the last `count` and, as the first record of a line is sought too, the last one before
 * those of each stream.
 */
async function lastEndings(
  part: LogPart,
  count: number,
  format: LogFormat,
  selection: Selection,
): Promise<Ending[]> {
  const last: Ending[] = [];
  const before = new Map<LogStream, Ending>();
  const open = new Map<LogStream, Ending>();
  let first = 0;
  const splitter = new RecordSplitter(format, (record, at) => {
    if (!isSelected(record, selection)) return;
    const { stream } = record;
    if (!endsLine(record)) return void open.set(stream, { stream, at, isWhole: false });
    open.delete(stream);
    last.push({ stream, at, isWhole: true });
    if (last.length - first <= count) return;
    before.set(last[first]!.stream, last[first]!);
    if (++first > count + 1024) (last.splice(0, first), (first = 0));
  });
  const reading = new GzipReading(part, 0);
  try {
    for (let block; typeof (block = await reading.next()) !== "string";) {
      splitter.push(block, reading.place.offset - block.length);
    }
    splitter.flush();
  } finally {
    await reading.close();
  }
  const all = [...before.values(), ...last.slice(first), ...open.values()];
  return all.sort((a, b) => a.at - b.at);
}
