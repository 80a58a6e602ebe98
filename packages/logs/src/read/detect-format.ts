import { criFormat } from "../format/cri-format.ts";
import { jsonFileFormat } from "../format/json-file-format.ts";
import type { LogFormat } from "../format/log-format.ts";
import { rawFormat } from "../format/raw-format.ts";
import type { LogPart } from "./log-part.ts";
import { PartHead } from "./part-head.ts";

const framed = [criFormat, jsonFileFormat];

/**
 * The format of a log, by the first lines of its newest part that has some.
 *
 * @param isLast whether no more will come
 * @returns undefined while there is no line to tell it by
 */
export async function detectFormat(
  parts: readonly LogPart[],
  isLast: boolean,
): Promise<LogFormat | undefined> {
  for (const part of parts.toReversed()) {
    const head = await PartHead.of(part);
    const format = framed.find((one) => head.firstRecord(one, { mended: isLast }));
    if (format) return format;
    if (!head.isOpen) return rawFormat;
  }
  return isLast ? rawFormat : undefined;
}
