import { readFileSync } from "node:fs";

/** A number of /proc/self/status. */
export function status(name: "VmRSS" | "VmHWM" | "Threads"): number {
  const text = readFileSync("/proc/self/status", "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)![1]);
}
