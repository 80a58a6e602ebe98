import type { LogFormat } from "../format/log-format.ts";
import { newline } from "../format/newline.ts";

/** How many bytes of a task's output are in records. */
export function dataSize(format: LogFormat, records: Buffer): number {
  if (!format.framed) return records.length;
  let size = 0;
  for (let start = 0; start < records.length;) {
    const end = records.indexOf(newline, start) + 1 || records.length;
    size += format.decode(records.subarray(start, end))?.data.length ?? 0;
    start = end;
  }
  return size;
}
