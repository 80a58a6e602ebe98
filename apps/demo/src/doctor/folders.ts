import { TaskIOError } from "@taskio/core";
import {
  abandonedFIFODirs,
  type FIFODir,
  type KeptFIFODir,
  removeFIFODirs,
} from "@taskio/fifo/holders";

/** FIFO folders that clients left behind. */
export interface Folders {
  /** Where was looked. */
  readonly dirs: readonly string[];
  /** Nobody needs them. */
  readonly abandoned: readonly FIFODir[];
  /** Perhaps nobody needs them. */
  readonly unknown: readonly KeptFIFODir[];
  /** The paths of those that were removed. */
  readonly removed: readonly string[];
  /** Those that were to be removed, and are still there. */
  readonly kept: readonly KeptFIFODir[];
  /** Where could not be looked, and why. */
  readonly closed: readonly { readonly path: string; readonly reason: string }[];
}

/** Where to look and what to do. */
export interface FoldersOptions {
  readonly dirs: readonly string[];
  /** The one among them that is ours alone: nobody else's processes have anything of it, seen or not. */
  readonly ownDir: string | undefined;
  readonly named: readonly string[];
  /** In ms. */
  readonly olderThan: number;
  readonly fix: boolean;
}

/** Looks for them, and removes them where it is to. No FIFO is opened. */
export async function examineFolders(options: FoldersOptions): Promise<Folders> {
  const { dirs, ownDir, named, olderThan, fix } = options;
  const abandoned: FIFODir[] = [];
  const own: FIFODir[] = [];
  const unknown: KeptFIFODir[] = [];
  const closed: { path: string; reason: string }[] = [];
  for (const dir of dirs) {
    try {
      const found = await abandonedFIFODirs({ dir, named, olderThan });
      abandoned.push(...found.abandoned);
      if (dir === ownDir) own.push(...found.unknown.map(({ reason: _, ...folder }) => folder));
      else unknown.push(...found.unknown);
    } catch (error) {
      if (!(error instanceof TaskIOError) || error.code !== "PERMISSION") throw error;
      closed.push({ path: dir, reason: error.message });
    }
  }
  const rest = { dirs, unknown, closed };
  if (!fix) return { ...rest, abandoned: [...abandoned, ...own], removed: [], kept: [] };
  const done = [await removeFIFODirs(abandoned), await removeFIFODirs(own, { force: true })];
  const removed = done.flatMap((one) => one.removed);
  return { ...rest, abandoned: [], removed, kept: done.flatMap((one) => one.kept) };
}
