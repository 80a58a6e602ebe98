import type { Config } from "@taskio/core";
import { lstatSync } from "node:fs";

/**
 * What takes a task's output: a FIFO, with a terminal before it or not, a file, a logging program, a
 * stream of another protocol, or nothing.
 */
export type OutputKind = "fifo" | "terminal" | "file" | "logger" | "stream" | "none";

/** What a task's Config says of that. A path that is not there is taken for a FIFO that was. */
export function outputKind({ stdout, terminal }: Config): OutputKind {
  if (stdout === "" || stdout === "/dev/null") return "none";
  const scheme = schemeOf(stdout)?.toLowerCase();
  if (scheme === "file://") return "file";
  if (scheme) return /^binary(-v2)?:/.test(scheme) ? "logger" : "stream";
  if (isOtherFile(stdout)) return "file";
  return terminal ? "terminal" : "fifo";
}

/** Such as `binary://`, of a log URI. */
export function schemeOf(stdout: string): string | undefined {
  return /^[a-z0-9.+-]+:\/\//i.exec(stdout)?.[0];
}

function isOtherFile(path: string): boolean {
  try {
    return !lstatSync(path).isFIFO();
  } catch {
    return false;
  }
}
