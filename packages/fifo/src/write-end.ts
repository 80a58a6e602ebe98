import { closeSync } from "node:fs";
import { type ChunkWriter, TaskIOError } from "@taskio/core";
import type { FIFOHandle } from "./fifo-handle.ts";
import { libc, linux } from "./libc.ts";
import { type PeerWait, waitForPeer } from "./peer-sweep.ts";
import { Reactor } from "./reactor/reactor.ts";
import { Watch } from "./reactor/watch.ts";
import { taskFIFO } from "./task-fifo.ts";
import { writeFailed } from "./write-failed.ts";

/** The writing end of a FIFO, which opens when its reader comes. */
export class WriteEnd implements ChunkWriter {
  readonly path: string;
  readonly #handle: FIFOHandle;
  readonly #peer: PeerWait<number>;
  #fd: number | undefined;
  #watch: Watch | undefined;
  #closed = false;
  #kept = false;

  /**
   * @param fifo a path, or what {@link taskFIFO} found there; it is the end's own then
   * @throws TaskIOError `NOT_FOUND`, `NOT_FIFO`, `NOT_ATTACHABLE`, `PERMISSION`, `UNAVAILABLE`
   */
  constructor(fifo: string | FIFOHandle) {
    this.#handle = typeof fifo === "string" ? taskFIFO(fifo) : fifo;
    this.path = this.#handle.path;
    try {
      this.#peer = waitForPeer(() => this.#open());
    } catch (error) {
      this.#handle.close();
      throw error;
    }
  }

  /** Resolves with the fd when the reader has come. Stays pending after close. */
  get opened(): Promise<number> {
    return this.#peer.found;
  }

  #open(): number | undefined {
    this.#fd = this.#handle.open(linux.O_WRONLY);
    if (this.#fd !== undefined) this.#handle.close();
    return this.#fd;
  }

  /** @throws TaskIOError `CLOSED` after close; a wait that is under way then stays pending */
  async writable(): Promise<void> {
    if (this.#closed) throw this.#closedError();
    if (this.#watch) await this.#watch.ready();
    else await this.opened;
  }

  /** @throws TaskIOError `CLOSED` after close: the fd may be another file's by then; `PEER_GONE` */
  write(chunk: Uint8Array): number {
    if (this.#closed) throw this.#closedError();
    if (this.#fd === undefined) return 0;
    for (;;) {
      const size = libc().write(this.#fd, chunk, chunk.length);
      if (size >= 0) {
        this.#watch?.moved(size);
        Reactor.wrote();
        return size;
      }
      const errno = libc().errno();
      if (errno === linux.EAGAIN) {
        this.#watch ??= new Watch(this.#fd, "writable");
        return 0;
      }
      if (errno !== linux.EINTR) throw writeFailed(this.path, errno);
    }
  }

  /** From now on `close` ends the writing only; the FIFO stays open until `letGo`. */
  keep(): void {
    this.#kept = true;
  }

  /** The FIFO is closed with the writing again, at once where that has ended. */
  letGo(): void {
    this.#kept = false;
    if (this.#closed) this.#free();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#peer.giveUp();
    this.#handle.close();
    this.#watch?.close();
    this.#free();
  }

  #free(): void {
    if (this.#kept || this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
  }

  #closedError(): TaskIOError {
    return new TaskIOError("CLOSED", `the FIFO "${this.path}" is closed`, { path: this.path });
  }
}
