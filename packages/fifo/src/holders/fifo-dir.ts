import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isHubSocketPath } from "../hub-socket-path.ts";
import { isDeadSocket } from "../is-dead-socket.ts";

/** A folder that has nothing but FIFOs in it, as clients make one for each task, and what killed hubs left. */
export interface FIFODir {
  readonly path: string;
  /** The paths of its FIFOs; none when the client was killed before it made one. */
  readonly fifos: readonly string[];
  /** The paths of sockets of hubs, at which nobody listens any more. */
  readonly hubSockets: readonly string[];
  /**
   * When the folder was last changed or one of its FIFOs was last written to, in ms since 1970.
   */
  readonly changed: number;
}

/**
 * Looks at a folder, never into a FIFO.
 *
 * @returns undefined when it is no folder, or has anything else in it, such as the socket of a hub that
 * lives. An empty one has to be its owner's alone, as temp folders are made, for there are empty folders
 * that somebody wants.
 */
export function fifoDir(path: string): FIFODir | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return undefined;
  const fifos: string[] = [];
  const sockets: string[] = [];
  let changed = stats.mtimeMs;
  for (const name of readdirSync(path)) {
    const entry = join(path, name);
    const its = lstatSync(entry);
    if (its.isFIFO()) fifos.push(entry);
    else if (its.isSocket() && isHubSocketPath(entry)) sockets.push(entry);
    else return undefined;
    changed = Math.max(changed, its.ctimeMs);
  }
  const isEmpty = fifos.length === 0 && sockets.length === 0;
  if (isEmpty && (stats.mode & 0o077) !== 0) return undefined;
  if (!sockets.every(isDeadSocket)) return undefined;
  return { path, fifos: fifos.sort(), hubSockets: sockets.sort(), changed };
}
