import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A folder that has nothing but FIFOs in it, as clients make one for each task. */
export interface FIFODir {
  readonly path: string;
  /** The paths of its FIFOs; none when the client was killed before it made one. */
  readonly fifos: readonly string[];
  /**
   * When the folder was last changed or one of its FIFOs was last written to, in ms since 1970.
   */
  readonly changed: number;
}

/**
 * Looks at a folder, never into a FIFO.
 *
 * @returns undefined when it is no folder, or has anything else in it. An empty one has to be its
 * owner's alone, as temp folders are made, for there are empty folders that somebody wants.
 */
export function fifoDir(path: string): FIFODir | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return undefined;
  const fifos: string[] = [];
  let changed = stats.mtimeMs;
  for (const name of readdirSync(path)) {
    const fifo = join(path, name);
    const its = lstatSync(fifo);
    if (!its.isFIFO()) return undefined;
    fifos.push(fifo);
    changed = Math.max(changed, its.ctimeMs);
  }
  if (fifos.length === 0 && (stats.mode & 0o077) !== 0) return undefined;
  return { path, fifos: fifos.sort(), changed };
}
