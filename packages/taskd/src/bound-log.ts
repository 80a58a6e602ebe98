import { copyFileSync, statSync, truncateSync } from "node:fs";

const maxBytes = 1 << 20;

/** Makes a log that has grown large the old one, `.1`. Whoever has it open to append goes on with it. */
export function boundLog(path: string): void {
  try {
    if (statSync(path).size <= maxBytes) return;
    keepOld(path);
    truncateSync(path);
  } catch {
    // it is gone: nothing is to be kept small
  }
}

/** Not by renaming it: those who write it would not notice. */
function keepOld(path: string): void {
  try {
    copyFileSync(path, `${path}.1`);
  } catch {
    // on a full disk the room matters more
  }
}
