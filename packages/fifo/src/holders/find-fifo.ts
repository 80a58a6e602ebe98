import { closeSync } from "node:fs";
import { FIFOHandle } from "../fifo-handle.ts";
import { hasWriter } from "../has-writer.ts";
import { isHungUp } from "../is-hung-up.ts";
import { linux } from "../libc.ts";
import { FIFOLookup } from "./fifo-lookup.ts";
import { openFIFOs } from "./open-fifos.ts";

/**
 * A FIFO as {@link findFIFO} gives it, which holds an fd until it is disposed of. Twice is fine; after
 * that it is not read and ends nothing.
 */
export interface FoundFIFO extends Disposable {
  readonly path: string;
  /**
   * Whether the readers that this process has on it are told of no end: no writer was there since they
   * opened it, and nothing is in it. Undefined when this process does not read it.
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

function ownReaders(handle: FIFOHandle): number[] {
  const path = `/proc/self/fd/${handle.fd}`; // leads there when the FIFO has no path any more
  const fds = openFIFOs(new FIFOLookup([path]), [process.pid]).open.get(path) ?? [];
  return fds.filter(({ reads, writes }) => reads && !writes).map(({ fd }) => fd);
}
