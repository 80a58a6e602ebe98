import { existsSync } from "node:fs";
import { removeFIFOs } from "../remove-fifos.ts";
import { type FIFODir, fifoDir } from "./fifo-dir.ts";
import { FIFOLookup } from "./fifo-lookup.ts";
import { inTurns } from "./in-turns.ts";
import type { KeptFIFODir } from "./kept-fifo-dir.ts";
import { openFIFOs } from "./open-fifos.ts";

/** What {@link removeFIFODirs} did. */
export interface RemovedFIFODirs {
  /** The paths of the folders that were removed. */
  readonly removed: readonly string[];
  /** Those that are not. */
  readonly kept: readonly KeptFIFODir[];
}

/** How {@link removeFIFODirs} removes. */
export interface RemoveFIFODirsOptions {
  /**
   * Whether to remove `unknown` folders too, when you know that only processes of your own can hold
   * them. What is seen to be held is kept all the same.
   *
   * @default false
   */
  readonly force?: boolean;
  /** Ends it between two folders, up to a thousand at a time; what is gone is gone. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes the folders that {@link abandonedFIFODirs} found, after another look right before: one that
 * was changed meanwhile, or whose FIFOs a process has opened, is kept. Nothing but FIFOs, sockets of hubs
 * that are dead, and empty folders is ever removed. An error keeps one folder, and the others go.
 *
 * @throws the signal's reason
 *
 * @example
 * ```ts no-run
 * import { defaultFIFODir } from "@taskio/fifo";
 * import { abandonedFIFODirs, removeFIFODirs } from "@taskio/fifo/holders";
 *
 * const named = ["/run/containerd/fifo/123/task-1-stdout"]; // of all tasks and execs
 * const { abandoned } = await abandonedFIFODirs({ dir: defaultFIFODir(), named });
 * const { removed, kept } = await removeFIFODirs(abandoned);
 * console.log(removed, kept);
 * ```
 */
export async function removeFIFODirs(
  dirs: readonly FIFODir[],
  { force = false, signal }: RemoveFIFODirsOptions = {},
): Promise<RemovedFIFODirs> {
  const removed: string[] = [];
  const kept: KeptFIFODir[] = [];
  for await (const piece of inTurns(dirs, signal)) {
    const unchanged = new Set(piece.filter(isUnchanged));
    const { open, incomplete } = openFIFOs(lookUp([...unchanged]));
    for (const dir of piece) {
      const reason = whyNot(dir) ?? (force ? undefined : incomplete) ?? remove(dir);
      if (reason === undefined) removed.push(dir.path);
      else kept.push({ ...dir, reason });
    }

    function whyNot(dir: FIFODir): string | undefined {
      if (!unchanged.has(dir)) return "it has changed since it was found";
      const held = dir.fifos.find((path) => open.has(path));
      return held && `process ${open.get(held)![0]!.pid} has "${held}" open`;
    }
  }
  return { removed, kept };
}

function isUnchanged({ path, fifos, hubSockets, changed }: FIFODir): boolean {
  try {
    const now = fifoDir(path);
    if (now?.changed !== changed) return false;
    return Bun.deepEquals([now.fifos, now.hubSockets], [fifos, hubSockets]);
  } catch {
    return false;
  }
}

function lookUp(dirs: readonly FIFODir[]): FIFOLookup {
  return new FIFOLookup(dirs.flatMap(({ fifos }) => fifos));
}

/** Gives why the folder is still there, undefined when it is not. */
function remove({ path, fifos, hubSockets }: FIFODir): string | undefined {
  try {
    removeFIFOs([...fifos, ...hubSockets], [path]);
    return existsSync(path) ? "something else has come into it" : undefined;
  } catch (error) {
    return (error as AggregateError).errors.map(({ message }) => message).join("; ");
  }
}
