import type { LogRecord } from "../log-record.ts";
import type { Selection } from "./query.ts";

/** Whether a record is one of those that are wanted. */
export function isSelected({ stream, time }: LogRecord, selection: Selection): boolean {
  if (selection.stream !== undefined && stream !== selection.stream) return false;
  if (time === undefined) return true;
  if (selection.since !== undefined && time < selection.since) return false;
  return selection.until === undefined || time <= selection.until;
}
