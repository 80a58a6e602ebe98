import type { LogRecord } from "@taskio/logs";

/** What the task wrote. */
export function textOf(records: readonly LogRecord[]): string {
  return Buffer.concat(records.map(({ data }) => data)).toString();
}
