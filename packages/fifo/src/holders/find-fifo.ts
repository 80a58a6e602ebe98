import { closeSync, fstatSync, readdirSync, type Stats } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { FIFOHandle } from "../fifo-handle.ts";
import { hasWriter } from "../has-writer.ts";
import { isHungUp } from "../is-hung-up.ts";
import { libc, linux } from "../libc.ts";

/**
 * A FIFO as {@link findFIFO} gives it, which holds an fd until it is disposed of. Twice is fine; after
 * that it is not read and ends nothing.
 */
export interface FoundFIFO extends Disposable {
  readonly path: string;
  /**
   * Whether the readers that this process has on it are told of no end: no writer was there since they
   * opened it, and nothing is in it. Undefined when this process does not read it.
   *
   * @throws TaskIOError `UNAVAILABLE` where that can't be seen: fds are used up
   */
  readonly isEndless: boolean | undefined;
  /**
   * Lets a writer come and go, as the kernel tells no end to a reader that opened a FIFO when its last
   * writer had gone. Its readers see the end when all is read; while there are other writers, when
   * those have gone too. Only for a process that has stopped: a reader may end that waits for a writer.
   *
   * @throws TaskIOError `PERMISSION` where it may not be written to, `UNAVAILABLE`
   */
  end(): void;
}

/**
 * Finds a FIFO and does not open it. It stays the same one when its path is renamed, replaced or removed.
 *
 * @throws TaskIOError `NOT_FOUND`, `NOT_FIFO`, `PERMISSION`, `UNAVAILABLE`, `UNSUPPORTED` (not on Linux)
 *
 * @example
 * ```ts
 * import { newFIFOSetInDir, openFifo } from "@taskio/fifo";
 * import { findFIFO } from "@taskio/fifo/holders";
 *
 * await using fifos = await newFIFOSetInDir("", "task-1", false);
 * using fifo = findFIFO(fifos.config.stdout);
 * await using reader = await openFifo(fifo.path, { read: true, nonblock: true });
 * console.log(fifo.isEndless); // true
 * fifo.end();
 * console.log(await reader.read(new Uint8Array(64))); // 0
 * ```
 */
export function findFIFO(path: string): FoundFIFO {
  return new Found(path);
}

class Found implements FoundFIFO {
  readonly path: string;
  #handle: FIFOHandle | undefined;

  constructor(path: string) {
    this.path = path;
    this.#handle = new FIFOHandle(path);
  }

  get isEndless(): boolean | undefined {
    const readers = this.#handle ? ownReaders(this.#handle) : [];
    if (readers.length === 0) return undefined;
    return readers.every((fd) => !hasWriter(fd) && !isHungUp(fd));
  }

  end(): void {
    const writer = this.#handle?.open(linux.O_WRONLY);
    if (writer !== undefined) closeSync(writer);
  }

  [Symbol.dispose](): void {
    this.#handle?.close();
    this.#handle = undefined;
  }
}

function ownReaders({ path, stats }: FIFOHandle): number[] {
  try {
    const fds = readdirSync("/proc/self/fd").map(Number);
    return fds.filter((fd) => readsPipe(fd) && isFile(fd, stats));
  } catch (error) {
    throw TaskIOError.from(error, "UNAVAILABLE", `look for the readers of the FIFO "${path}"`);
  }
}

/** Asked before a `stat`, which hangs on files of a network that is down. */
function readsPipe(fd: number): boolean {
  const access = libc().fcntl(fd, linux.F_GETFL, 0) & linux.O_ACCMODE;
  return access === linux.O_RDONLY && libc().fcntl(fd, linux.F_GETPIPE_SZ, 0) > 0;
}

function isFile(fd: number, { dev, ino }: Stats): boolean {
  const stats = fstatSync(fd);
  return stats.dev === dev && stats.ino === ino;
}
