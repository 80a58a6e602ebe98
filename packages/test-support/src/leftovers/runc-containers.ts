import { readdirSync } from "node:fs";
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
  const roots = entries(runcRoot); // one for each namespace
  return roots.flatMap((root) =>
    entries(root).map((path) => ({
      root: dirname(path),
      id: basename(path),
      state: join(path, "state.json"),
    })),
  );
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
