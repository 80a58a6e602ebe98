import { rmdirSync } from "node:fs";
import { dirname } from "node:path";

/** Removes a folder that is empty, then those above it that are empty then, up to `top`. */
export function removeEmptyFolders(path: string, top: string): void {
  for (let folder = path; folder.startsWith(top); folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return; // in use, or gone
    }
  }
}
