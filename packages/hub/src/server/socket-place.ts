import { closeSync, constants, lstatSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { TaskIOError } from "@taskio/core";
import { isDeadSocket } from "@taskio/fifo/holders";
import { lockFolder } from "./lock-folder.ts";
import { makeFolderOf } from "./make-folder.ts";

const writableByOthers = 0o022;
const sticky = 0o1000;
const root = 0;

/** How a hub takes the place of its socket. */
export interface PlaceOptions {
  /** Whether to make its folder where that is missing. */
  readonly makesFolder: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `use` while no other hub takes a socket in the same folder, when the path is free.
 *
 * @param use told whether the socket of a hub that is dead is there
 * @throws TaskIOError `IN_USE` when a hub listens there, or something else is there; `PERMISSION` for a
 * folder in which others may replace the socket; what `use` throws; the signal's reason
 */
export async function atSocketPlace<T>(
  path: string,
  { makesFolder, signal }: PlaceOptions,
  use: (isStale: boolean) => T,
): Promise<T> {
  using undo = new DisposableStack();
  if (makesFolder) undo.defer(makeFolderOf(path));
  const folder = openFolder(path);
  if (folder === undefined) return use(false); // so there is no FIFO either, which `use` finds out
  try {
    await lockFolder(folder, dirname(path), signal);
    const used = use(checkSocket(path));
    undo.move(); // the folder stays
    return used;
  } finally {
    closeSync(folder);
  }
}

/** @returns undefined where it is missing */
function openFolder(path: string): number | undefined {
  const folder = dirname(path);
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (found.uid !== process.geteuid!() && found.uid !== root) throw foreign(path, found.uid);
    const isOpen = (found.mode & writableByOthers) !== 0 && (found.mode & sticky) === 0;
    if (isOpen) throw writable(path);
    return openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    throw TaskIOError.from(error, "UNAVAILABLE", `make the hub's socket "${path}"`);
  }
}

/** @returns whether a dead one's socket is there */
function checkSocket(path: string): boolean {
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })) return false;
  } catch (error) {
    throw TaskIOError.from(error, "UNAVAILABLE", `make the hub's socket "${path}"`);
  }
  if (isDeadSocket(path)) return true;
  throw inUse(path);
}

/** The error of a path that another hub has. */
export function inUse(path: string): TaskIOError {
  return new TaskIOError(
    "IN_USE",
    `"${path}" is taken: the task has a hub, attach to it, or give another path`,
    { path },
  );
}

function foreign(path: string, uid: number): TaskIOError {
  return refused(path, `belongs to another user (uid ${uid}), who could`);
}

function writable(path: string): TaskIOError {
  return refused(path, "may be written to by others, who could");
}

function refused(path: string, why: string): TaskIOError {
  return new TaskIOError(
    "PERMISSION",
    `"${dirname(path)}" ${why} replace the hub's socket: use a folder of your own with mode 0700`,
    { path },
  );
}
