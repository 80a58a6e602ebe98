import { closeSync, fstatSync, openSync, rmSync, statSync } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { failed, libc, linux } from "./libc.ts";

/** A lock on a file, held until it is released or the process ends, however it ends. */
export class LifeLock {
  readonly path: string;
  readonly #fd: number;

  private constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
  }

  /** The lock, or undefined while another process has it. */
  static take(path: string): LifeLock | undefined {
    for (;;) {
      const fd = open(path);
      try {
        if (!lock(fd)) {
          closeSync(fd);
          return undefined;
        }
        if (isStillAt(fd, path)) return new LifeLock(path, fd);
      } catch (error) {
        closeSync(fd);
        throw error;
      }
      closeSync(fd); // its former holder removed the file between our open and our lock
    }
  }

  /** Removes the file and lets go of the lock. */
  release(): void {
    rmSync(this.path, { force: true });
    closeSync(this.#fd);
  }

  /** Lets go of the lock and leaves the file: nobody has to make it anew. */
  letGo(): void {
    closeSync(this.#fd);
  }
}

function open(path: string): number {
  try {
    return openSync(path, "a", 0o600);
  } catch (error) {
    throw TaskIOError.from(error, "ENGINE_FAILED", `open the lock "${path}"`);
  }
}

function lock(fd: number): boolean {
  if (libc().flock(fd, linux.LOCK_EX | linux.LOCK_NB) === 0) return true;
  const error = failed("lock the runtime folder", "flock");
  if (error.errno === "EAGAIN") return false;
  throw error;
}

function isStillAt(fd: number, path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  return there?.ino === fstatSync(fd).ino;
}
