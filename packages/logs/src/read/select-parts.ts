import type { LogFormat } from "../format/log-format.ts";
import type { LogPart } from "./log-part.ts";
import { PartHead } from "./part-head.ts";
import type { Selection } from "./query.ts";

/**
 * The parts, the oldest first, without those at either end that have no record of the time that is
 * wanted: a part has none of after the next one's first record.
 *
 * @param isLast whether no more will come; else the newest part stays
 */
export async function selectParts(
  parts: readonly LogPart[],
  format: LogFormat,
  { since, until }: Selection,
  isLast: boolean,
): Promise<LogPart[]> {
  let first = 0;
  let end = parts.length;
  if (since === undefined && until === undefined) return [...parts];
  for (let i = parts.length - 1; i > 0; i--) {
    const head = await PartHead.of(parts[i]!);
    const time = head.firstRecord(format)?.time;
    if (time === undefined) continue;
    if (isLast && until !== undefined && time > until) end = i;
    if (since !== undefined && time < since) {
      first = i;
      break;
    }
    if (since === undefined && until !== undefined && time <= until) break;
  }
  return parts.slice(first, end);
}
