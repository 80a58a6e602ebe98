import { lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "@taskio/core";
import { removeFIFOs } from "@taskio/fifo/holders";

/** How long a folder may be there before its task has to be known, in ms. */
const newborn = 60_000;

/**
 * The FIFO folders that clients make in the runtime's own folder. A client that was killed leaves them
 * (containerd issues 2421, 11462); those elsewhere are not ours to remove.
 */
export class OwnFIFOs {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Removes the folders of a process that is gone. */
  remove(config: Config): void {
    for (const folder of this.#foldersOf(config)) removeFolder(folder);
  }

  /** Removes the folders that belong to none of these processes and are not new. */
  sweep(configs: readonly Config[]): void {
    const known = new Set(configs.flatMap((config) => this.#foldersOf(config)));
    for (const name of list(this.#root)) {
      const folder = join(this.#root, name);
      if (!known.has(folder) && ageOf(folder) > newborn) removeFolder(folder);
    }
  }

  #foldersOf({ stdin, stdout, stderr }: Config): string[] {
    const folders = [stdin, stdout, stderr].filter((path) => path.startsWith("/")).map(dirname);
    return [...new Set(folders)].filter((folder) => dirname(folder) === this.#root);
  }
}

function removeFolder(folder: string): void {
  const entries = list(folder).map((name) => join(folder, name));
  attempt(() => removeFIFOs(entries, [folder]));
}

function list(folder: string): string[] {
  return attempt(() => readdirSync(folder)) ?? [];
}

function ageOf(folder: string): number {
  return Date.now() - (attempt(() => lstatSync(folder).mtimeMs) ?? Date.now());
}

/** What is gone already, or cannot be removed, is left. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
