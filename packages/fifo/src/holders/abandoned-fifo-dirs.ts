import { readdirSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { TaskIOError } from "@taskio/core";
import { type FIFODir, fifoDir } from "./fifo-dir.ts";
import { FIFOLookup } from "./fifo-lookup.ts";
import { inTurns } from "./in-turns.ts";
import type { KeptFIFODir } from "./kept-fifo-dir.ts";
import { openFIFOs } from "./open-fifos.ts";

/** What {@link abandonedFIFODirs} looks for. */
export interface AbandonedFIFODirsOptions {
  /** The folder that clients make their FIFO folders in, and nothing else, such as `defaultFIFODir()`. */
  readonly dir: string;
  /**
   * The paths in the Configs of all tasks and execs that a runtime has, of every namespace. The folders
   * that they are in are no candidates.
   */
  readonly named: readonly string[];
  /**
   * How long a folder and its FIFOs must not have changed, in ms: a client makes its FIFOs before its
   * task.
   *
   * @default 600_000
   */
  readonly olderThan?: number;
  /** Ends the search. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link abandonedFIFODirs} finds. */
export interface AbandonedFIFODirs {
  /** Folders that nobody needs, for `removeFIFODirs`. */
  readonly abandoned: readonly FIFODir[];
  /** Folders that would be, but that a process may hold which may not be looked into. */
  readonly unknown: readonly KeptFIFODir[];
}

const tenMinutes = 600_000;

/**
 * The folders of FIFOs that clients which were killed have left (containerd issues 2421, 11462). Nothing
 * is removed, and no FIFO is opened, which those who wait at the other end would notice.
 *
 * A folder is abandoned when it has nothing but FIFOs in it (and the socket of a hub that was killed),
 * has not changed for `olderThan`, no task names a path in it, and no process has one of its FIFOs open.
 * Where not every process can be looked into (not root, or inside a container) a shim of another user may
 * hold it: then it is `unknown`. Folders that may not be read are left out.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`, `PERMISSION`; the signal's reason
 *
 * @example
 * ```ts
 * import { abandonedFIFODirs, removeFIFODirs } from "@taskio/fifo/holders";
 * import { mkdtemp, rmdir } from "node:fs/promises";
 *
 * const dir = await mkdtemp("/tmp/fifo-");
 * const { abandoned, unknown } = await abandonedFIFODirs({ dir, named: [] });
 * console.log(abandoned.length, unknown.length); // 0 0
 * console.log(await removeFIFODirs(abandoned)); // { removed: [], kept: [] }
 * await rmdir(dir);
 * ```
 */
export async function abandonedFIFODirs({
  dir,
  named,
  olderThan = tenMinutes,
  signal,
}: AbandonedFIFODirsOptions): Promise<AbandonedFIFODirs> {
  check(dir, named, olderThan);
  const before = Date.now() - olderThan;
  const inUse = new Set(
    named.filter((path) => isAbsolute(path)).map((path) => idOf(dirname(path))),
  );
  const lookup = new FIFOLookup();
  const old: FIFODir[] = [];
  const paths = list(resolve(dir));
  for await (const piece of inTurns(paths, signal)) piece.forEach(consider);
  if (old.length === 0) return { abandoned: [], unknown: [] };
  const { open, incomplete } = openFIFOs(lookup);
  const free = old.filter(({ fifos }) => !fifos.some((path) => open.has(path)));
  if (incomplete === undefined) return { abandoned: free, unknown: [] };
  return { abandoned: [], unknown: free.map((one) => ({ ...one, reason: incomplete })) };

  function consider(path: string): void {
    try {
      if (inUse.has(idOf(path))) return; // its hub is not bothered
      const found = fifoDir(path);
      if (!found || found.changed > before) return;
      for (const fifo of found.fifos) lookup.add(fifo);
      old.push(found);
    } catch (error) {
      const failure = TaskIOError.from(error, "ENGINE_FAILED", `look into "${path}"`);
      if (failure.code !== "NOT_FOUND" && failure.code !== "PERMISSION") throw failure;
    }
  }
}

function check(dir: unknown, named: unknown, olderThan: unknown): void {
  if (typeof dir !== "string" || dir === "") {
    throw invalid(`dir is ${JSON.stringify(dir)}: give the folder that FIFO folders are made in`);
  }
  if (!Array.isArray(named)) {
    throw invalid("named is no array: give the stream paths of all tasks, [] when there is none");
  }
  if (typeof olderThan !== "number" || !(olderThan >= 0)) {
    throw invalid(`olderThan is ${String(olderThan)}: give a time in ms, 0 or more`);
  }
}

function invalid(message: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", message);
}

/** Tells a folder whichever path leads to it; `""` for one that cannot be looked up. */
function idOf(folder: string): string {
  try {
    const { dev, ino } = statSync(folder);
    return `${dev}:${ino}`;
  } catch {
    return "";
  }
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir).map((name) => join(dir, name));
  } catch (error) {
    const failure = TaskIOError.from(error, "ENGINE_FAILED", `list "${dir}"`);
    if (failure.code === "NOT_FOUND") return []; // no client has been here
    throw failure;
  }
}
