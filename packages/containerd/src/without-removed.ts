import { statSync } from "node:fs";
import { type Config, isWired } from "@taskio/core";

/** The streams whose files are still there: an attach refuses all where one of them was removed. */
export function withoutRemoved({ terminal, stdin, stdout, stderr }: Config): Config {
  return { terminal, stdin: left(stdin), stdout: left(stdout), stderr: left(stderr) };
}

function left(path: string): string {
  return isWired(path) && isRemoved(path) ? "" : path;
}

/** Not what can't be looked at: an attach tells what is wrong with that. */
function isRemoved(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
