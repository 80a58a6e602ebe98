import { closeSync } from "node:fs";
import { type ChunkReader, TaskIOError } from "@taskio/core";
import type { FIFOHandle } from "./fifo-handle.ts";
import { isHungUp } from "./is-hung-up.ts";
import { libc, linux } from "./libc.ts";
import { Watch } from "./reactor/watch.ts";
import { giveChunkBack, readBuffer, takeChunk } from "./read-buffer.ts";
import { lockReader } from "./reader-lock.ts";
import { taskFIFO } from "./task-fifo.ts";

/** The only reading end of a FIFO, read on the JS thread. */
export class ReadEnd implements ChunkReader {
  readonly fd: number;
  readonly path: string;
  readonly #watch: Watch;
  #closed = false;

  constructor(fd: number, path: string) {
    this.fd = fd;
    this.path = path;
    this.#watch = new Watch(fd, "readable");
  }

  read(): Uint8Array | "empty" | "eof" {
    const buffer = readBuffer(this.#watch.isGrown);
    for (;;) {
      const size = libc().read(this.fd, buffer, buffer.length);
      if (size > 0) {
        this.#watch.moved(size);
        return takeChunk(buffer, size);
      }
      if (size === 0) return isHungUp(this.fd) ? "eof" : "empty";
      const errno = libc().errno();
      if (errno === linux.EAGAIN) return "empty";
      if (errno !== linux.EINTR) throw this.#failed(errno);
    }
  }

  recycle(chunk: Uint8Array): void {
    giveChunkBack(chunk);
  }

  readable(): Promise<void> {
    return this.#watch.ready();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watch.close();
    closeSync(this.fd);
  }

  #failed(errno: number): TaskIOError {
    const { path } = this;
    return TaskIOError.fromErrno(errno, { doing: `read "${path}"`, syscall: "read", path });
  }
}

/**
 * Opens a FIFO as its one reader, without waiting for a writer.
 *
 * @param fifo a path, or what {@link taskFIFO} found there; it is closed here
 * @returns the fd, non-blocking, locked, closed on exec
 * @throws TaskIOError `NOT_FOUND`, `NOT_FIFO`, `NOT_ATTACHABLE`, `IN_USE`, `PERMISSION`, `UNAVAILABLE`
 */
export function openReader(fifo: string | FIFOHandle): number {
  const handle = typeof fifo === "string" ? taskFIFO(fifo) : fifo;
  try {
    const fd = handle.open(linux.O_RDONLY)!;
    try {
      lockReader(fd, handle.path);
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  } finally {
    handle.close();
  }
}
