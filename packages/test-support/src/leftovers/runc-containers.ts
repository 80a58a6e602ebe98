import { lstatSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DaemonFolder } from "../daemon-folder.ts";

/** What runc has of a container. */
export interface RuncContainer {
  /** What `runc --root` takes. */
  readonly root: string;
  readonly id: string;
  /** Where its cgroups and all the rest are written down. */
  readonly state: string;
}

/** The containers that were not deleted. */
export function runcContainers({ runcRoot }: DaemonFolder): RuncContainer[] {
  const roots = foldersIn(runcRoot); // one for each namespace
  return roots.flatMap((root) =>
    foldersIn(root).map((path) => ({
      root: dirname(path),
      id: basename(path),
      state: join(path, "state.json"),
    })),
  );
}

/** No links, which lead out of the daemon's folder. */
function foldersIn(folder: string): string[] {
  try {
    if (!lstatSync(folder).isDirectory()) return [];
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [join(folder, entry.name)] : []));
  } catch {
    return [];
  }
}
