import { closeSync } from "node:fs";
import { type ChunkWriter, TaskIOError } from "@taskio/core";
import type { FIFOHandle } from "./fifo-handle.ts";
import { libc, linux } from "./libc.ts";
import { type PeerWait, waitForPeer } from "./peer-sweep.ts";
import { Watch } from "./reactor/watch.ts";
import { taskFIFO } from "./task-fifo.ts";

/** The writing end of a FIFO, which opens when its reader comes. */
export class WriteEnd implements ChunkWriter {
  readonly path: string;
  readonly #handle: FIFOHandle;
  readonly #peer: PeerWait<number>;
  #fd: number | undefined;
  #watch: Watch | undefined;
  #closed = false;

  /** @throws TaskIOError `NOT_FOUND`, `NOT_FIFO`, `NOT_ATTACHABLE`, `PERMISSION`, `UNAVAILABLE` */
  constructor(path: string) {
    this.path = path;
    this.#handle = taskFIFO(path);
    try {
      this.#peer = waitForPeer(() => (this.#fd = this.#handle.open(linux.O_WRONLY)));
    } catch (error) {
      this.#handle.close();
      throw error;
    }
  }

  /** Resolves with the fd when the reader has come. Stays pending after close. */
  get opened(): Promise<number> {
    return this.#peer.found;
  }

  async writable(): Promise<void> {
    if (this.#watch) await this.#watch.ready();
    else await this.opened;
  }

  write(chunk: Uint8Array): number {
    if (this.#fd === undefined) return 0;
    for (;;) {
      const size = libc().write(this.#fd, chunk, chunk.length);
      if (size >= 0) return size;
      const errno = libc().errno();
      if (errno === linux.EAGAIN) {
        this.#watch ??= new Watch(this.#fd, "writable");
        return 0;
      }
      if (errno !== linux.EINTR) throw writeFailed(this.path, errno);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#peer.giveUp();
    this.#handle.close();
    this.#watch?.close();
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}

/** The error of a write to a FIFO: `PEER_GONE` when its last reader left. */
export function writeFailed(path: string, errno: number): TaskIOError {
  if (errno === linux.EPIPE) {
    return new TaskIOError(
      "PEER_GONE",
      `nobody reads "${path}" any more: the task closed its stdin`,
      {
        errno: "EPIPE",
        syscall: "write",
        path,
      },
    );
  }
  return TaskIOError.fromErrno(errno, { doing: `write to "${path}"`, syscall: "write", path });
}
