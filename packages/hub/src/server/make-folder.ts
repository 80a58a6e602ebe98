import { mkdirSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import { TaskIOError } from "@taskio/core";

/**
 * Makes the folder of a path where it is missing, with mode 0700.
 *
 * @returns removes what was made, as far as nothing is in it
 * @throws TaskIOError `PERMISSION`, `UNAVAILABLE`, `INVALID_ARGUMENT`
 */
export function makeFolderOf(path: string): () => void {
  const folder = dirname(path);
  try {
    const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
    return () => first !== undefined && removeEmpty(folder, first);
  } catch (error) {
    throw TaskIOError.from(error, "UNAVAILABLE", `make the folder "${folder}"`);
  }
}

/** From a folder up to one that it is in. */
function removeEmpty(folder: string, last: string): void {
  try {
    rmdirSync(folder);
    if (folder !== last) removeEmpty(dirname(folder), last);
  } catch {
    // something is in it meanwhile
  }
}
