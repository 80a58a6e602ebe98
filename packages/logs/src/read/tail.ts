import type { LogFormat } from "../format/log-format.ts";
import type { LogStream } from "../log-record.ts";
import type { LogPart } from "./log-part.ts";
import type { Selection } from "./query.ts";
import { TailCounter } from "./tail-counter.ts";
import { tailOfCompressed } from "./tail-of-compressed.ts";
import { tailOfPlain } from "./tail-of-plain.ts";

/** From which offset on the records of a stream in a part are wanted. */
export type Starts = Record<LogStream, number>;

/** What of a part is wanted: undefined for all of it. */
export interface Portion {
  readonly part: LogPart;
  readonly starts: Starts | undefined;
}

/** Finds where the last lines begin that are selected, from the newest part on. */
export async function tailOf(
  parts: readonly LogPart[],
  lines: number,
  format: LogFormat,
  selection: Selection,
): Promise<Portion[]> {
  if (lines === Infinity) return parts.map((part) => ({ part, starts: undefined }));
  const counter = new TailCounter(lines);
  const portions: Portion[] = [];
  let someHave = false;
  for (const part of parts.toReversed()) {
    // One with bytes stays, even if none are wanted: its writer may not have reopened the log yet.
    if (counter.isDone && someHave) break;
    const find = part.compressed ? tailOfCompressed : tailOfPlain;
    portions.unshift({ part, starts: await find(part, counter, format, selection) });
    someHave ||= part.openedSize > 0;
  }
  return portions;
}
