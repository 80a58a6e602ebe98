import { rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where the output of a task is kept that runs in the background: in a folder of its own. */
export function logPath(dir: string, namespace: string, id: string): string {
  return join(dir, "tasks", namespace, id, "output.log");
}

/** Removes that file and its folders, as far as nothing else is in them. */
export function removeLog(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  let folder = path;
  for (let level = 0; level < 3; level++) {
    folder = dirname(folder);
    try {
      rmdirSync(folder);
    } catch {
      return; // others' are in it
    }
  }
}
