import { readFileSync, type Stats } from "node:fs";
import type { TaskIOError } from "@taskio/core";
import { FIFOHandle } from "../fifo-handle.ts";
import { parseFdinfo } from "./parse-fdinfo.ts";

/** FIFOs to look for among the open files of processes. They are looked up here, and not opened. */
export class FIFOLookup {
  /** Why not all are known, where a path could not be looked up. */
  problem: string | undefined;
  readonly #paths = new Map<string, string[]>();
  readonly #inodes = new Set<string | undefined>();

  constructor(paths: readonly string[] = []) {
    for (const path of new Set(paths)) this.add(path);
  }

  get isEmpty(): boolean {
    return this.#paths.size === 0;
  }

  /** What does not exist or is no FIFO is nobody's. */
  add(path: string): void {
    const handle = this.#lookUp(path);
    if (!handle) return;
    const key = keyOf(handle.stats);
    this.#paths.set(key, [...(this.#paths.get(key) ?? []), path]);
    this.#inodes.add(inodeOf(handle));
    handle.close();
  }

  /**
   * Whether an open file with this inode, as its fdinfo has it, may be one of the FIFOs. Says so without
   * a `stat`, which hangs on files of a network that is down.
   */
  mayBe(inode: string | undefined): boolean {
    return inode === undefined || this.#inodes.has(inode) || this.#inodes.has(undefined);
  }

  /** The paths of the FIFO that has these stats, none for another file. */
  pathsOf(stats: Stats): readonly string[] {
    return this.#paths.get(keyOf(stats)) ?? [];
  }

  #lookUp(path: string): FIFOHandle | undefined {
    try {
      return new FIFOHandle(path);
    } catch (error) {
      const { code, message } = error as TaskIOError;
      if (code !== "NOT_FOUND" && code !== "NOT_FIFO") this.problem ??= message;
      return undefined;
    }
  }
}

/** Undefined before Linux 5.14, and for a process that may not look into itself, as after `setuid`. */
function inodeOf({ fd }: FIFOHandle): string | undefined {
  try {
    return parseFdinfo(readFileSync(`/proc/self/fdinfo/${fd}`, "latin1")).inode;
  } catch {
    return undefined;
  }
}

function keyOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}
