import { readLogs } from "@taskio/logs";
import { writeFileSync } from "node:fs";
import { ready } from "./ready.ts";
import { status } from "./status.ts";

/** Reads the last lines of a log, and tells what that took, of memory the most at any moment. */
export async function tail(count: number, file: string) {
  ready();
  writeFileSync("/proc/self/clear_refs", "5"); // the most so far is what there is now: proc(5)
  const rss = status("VmRSS");
  const start = performance.now();
  let lines = 0;
  for await (const _ of readLogs(file, { tail: count })) lines++;
  const ms = performance.now() - start;
  return { ms, kib: status("VmHWM") - rss, lines };
}
