import { closeSync, fstatSync, openSync, type Stats } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { cString, libc, linux } from "./libc.ts";

/**
 * A FIFO that was looked up and not opened: it stays the same one when the path is renamed, replaced
 * or removed, and opening it disturbs nobody who waits for a peer.
 */
export class FIFOHandle {
  readonly path: string;
  readonly fd: number;
  readonly stats: Stats;
  readonly #procPath: Uint8Array;
  #closed = false;

  /** @throws TaskIOError `NOT_FOUND`, `NOT_FIFO`, `PERMISSION`, `UNAVAILABLE` */
  constructor(path: string) {
    this.path = path;
    this.fd = openPath(path);
    this.stats = fstatSync(this.fd);
    this.#procPath = cString(`/proc/self/fd/${this.fd}`);
    if (this.stats.isFIFO()) return;
    this.close();
    throw new TaskIOError("NOT_FIFO", `"${path}" is not a FIFO: give the path of a task's stream`, {
      path,
    });
  }

  /**
   * Opens the FIFO, non-blocking. A read end always opens.
   *
   * @returns the fd, or undefined for a write end while nobody reads
   */
  open(flags: number): number | undefined {
    const fd = libc().open(this.#procPath, flags | linux.O_NONBLOCK | linux.O_CLOEXEC, 0);
    if (fd >= 0) return fd;
    const errno = libc().errno();
    if (errno === linux.ENXIO) return undefined;
    const { path } = this;
    throw TaskIOError.fromErrno(errno, { doing: `open the FIFO "${path}"`, syscall: "open", path });
  }

  /** May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.fd);
  }
}

function openPath(path: string): number {
  libc(); // refuses other systems, where O_PATH means nothing
  try {
    return openSync(path, linux.O_PATH);
  } catch (error) {
    throw TaskIOError.from(error, "ENGINE_FAILED", `look up the FIFO "${path}"`);
  }
}
