import type { LogFormat } from "../format/log-format.ts";
import { blocksBackward } from "./blocks-backward.ts";
import { isSelected } from "./is-selected.ts";
import type { LogPart } from "./log-part.ts";
import type { Selection } from "./query.ts";
import type { Starts } from "./tail.ts";
import { endsLine, type TailCounter } from "./tail-counter.ts";

/** How far back the rest of a line is sought whose end was found: other streams' lines may be between. */
const maxGap = 1024 * 1024;

/** Reads a part backwards until all lines are found, or `since` is passed. */
export async function tailOfPlain(
  part: LogPart,
  counter: TailCounter,
  format: LogFormat,
  selection: Selection,
): Promise<Starts> {
  const { since } = selection;
  let starts: Starts | undefined;
  for await (const { lines, at, end } of blocksBackward(part, format.framed)) {
    starts ??= { stdout: end, stderr: end };
    let newest: bigint | undefined;
    for (const { bytes, at: lineAt } of lines) {
      if (counter.isDone) return starts;
      const record = format.decode(bytes);
      if (!record) continue;
      if (newest === undefined || record.time! > newest) newest = record.time;
      if (!isSelected(record, selection)) continue;
      if (counter.add(record.stream, endsLine(record))) starts[record.stream] = lineAt;
    }
    const isBefore = since !== undefined && newest !== undefined && newest < since;
    const isFar = counter.isFull && Math.min(starts.stdout, starts.stderr) - at > maxGap;
    if (isBefore || isFar) counter.stop();
    if (counter.isDone) break;
  }
  return starts ?? { stdout: 0, stderr: 0 };
}
