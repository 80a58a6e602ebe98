import { TaskIOError } from "@taskio/core";
import { checkText } from "./check-text.ts";
import { escapeQuery } from "./escape.ts";
import type { LogArgs } from "./log-args.ts";

/** `k=v&k2=v2` without the `?`, sorted by key, as Go's `url.Values.Encode`. */
export function encodeQuery(args: LogArgs): string {
  return entries(args)
    .sort(([a], [b]) => compareUTF8(a, b))
    .map(([key, value]) => `${escapeQuery(key)}=${escapeQuery(value)}`)
    .join("&");
}

function entries(args: LogArgs): [string, string][] {
  // a Map or an array would pass for an object without keys, or with the wrong ones
  if (typeof args !== "object" || args === null || Symbol.iterator in args) {
    throw new TaskIOError("INVALID_ARGUMENT", "log args must be an object: give { key: value }");
  }
  const all = Object.entries(args);
  for (const [key, value] of all) {
    checkText(key, "log arg");
    checkText(value, `log arg ${JSON.stringify(key)}`);
  }
  return all;
}

/** Go compares bytes; JS's UTF-16 units would put an emoji before U+E000 to U+FFFF. */
function compareUTF8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
