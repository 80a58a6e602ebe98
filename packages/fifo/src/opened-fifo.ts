import { closeSync } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { duplicate } from "./duplicate.ts";
import type { FIFOHandle } from "./fifo-handle.ts";
import { hasWriter } from "./has-writer.ts";
import { isHungUp } from "./is-hung-up.ts";
import { libc, linux } from "./libc.ts";
import type { FIFO } from "./open-fifo.ts";
import { type PeerWait, waitForPeer } from "./peer-sweep.ts";
import { Watch } from "./reactor/watch.ts";
import { writeFailed } from "./write-failed.ts";

/** What `openFifo` gives. */
export class OpenedFIFO implements FIFO {
  readonly path: string;
  readonly #handle: FIFOHandle;
  readonly #access: number;
  readonly #peer: PeerWait<number>;
  #fd: number | undefined;
  #duplicate: number | undefined;
  #closed = false;
  #forgetSignal = () => {};
  readonly #watches = new Map<"readable" | "writable", Watch>();
  readonly #waiting = new Set<(error: unknown) => void>();
  #reads: Promise<unknown> = Promise.resolve();
  #writes: Promise<unknown> = Promise.resolve();

  /** The handle becomes its own, also where this throws. */
  constructor(handle: FIFOHandle, access: number) {
    this.path = handle.path;
    this.#handle = handle;
    this.#access = access;
    try {
      this.#peer = waitForPeer(() => this.#lookForPeer());
    } catch (error) {
      void this.close();
      throw error;
    }
  }

  /** Resolves when the other side is open too. */
  async untilOpen(signal?: AbortSignal): Promise<void> {
    const abort = () => this.#rejectWaiting(signal!.reason);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      await this.#unlessClosed(this.#peer.found);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Closes when the signal aborts before the other side is open. */
  closeOnAbort(signal?: AbortSignal): void {
    if (!signal) return;
    const abort = () => void (this.#hasPeer() || this.close());
    signal.addEventListener("abort", abort, { once: true });
    this.#forgetSignal = () => signal.removeEventListener("abort", abort);
    this.#peer.found.then(this.#forgetSignal, this.#forgetSignal);
  }

  read(buffer: Uint8Array): Promise<number> {
    const read = this.#reads.then(() => this.#read(buffer));
    this.#reads = read.catch(() => {});
    return read;
  }

  write(data: Uint8Array): Promise<number> {
    const written = this.#writes.then(() => this.#write(data));
    this.#writes = written.catch(() => {});
    return written;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#forgetSignal();
    this.#peer?.giveUp();
    for (const watch of this.#watches.values()) watch.close();
    for (const fd of [this.#fd, this.#duplicate]) if (fd !== undefined) closeSync(fd);
    this.#handle.close();
    this.#rejectWaiting(this.#closedError());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The fd once the other side is open, else undefined. */
  #lookForPeer(): number | undefined {
    this.#fd ??= this.#handle.open(this.#access);
    const fd = this.#fd;
    if (fd === undefined || this.#access !== linux.O_RDONLY) return fd;
    return hasWriter(fd) || isHungUp(fd) ? fd : undefined;
  }

  #hasPeer(): boolean {
    try {
      return this.#lookForPeer() !== undefined;
    } catch {
      return false; // who reads or writes gets the error
    }
  }

  async #read(buffer: Uint8Array): Promise<number> {
    if (this.#access === linux.O_WRONLY) throw this.#wrongWay("read from", "writing");
    while (buffer.length > 0) {
      if (this.#closed) throw this.#closedError();
      const size = libc().read(this.#fd!, buffer, buffer.length);
      if (size > 0) return size;
      if (size === 0 && isHungUp(this.#fd!)) return 0;
      const errno = size < 0 ? libc().errno() : linux.EAGAIN;
      if (errno === linux.EAGAIN) await this.#ready("readable");
      else if (errno !== linux.EINTR) throw this.#failed("read", errno);
    }
    return 0;
  }

  async #write(data: Uint8Array): Promise<number> {
    if (this.#access === linux.O_RDONLY) throw this.#wrongWay("write to", "reading");
    for (let rest = data; rest.length > 0;) {
      if (this.#closed) throw this.#closedError();
      const fd = this.#fd ?? (await this.#unlessClosed(this.#peer.found));
      const size = libc().write(fd, rest, rest.length);
      const errno = size < 0 ? libc().errno() : 0;
      if (size > 0) rest = rest.subarray(size);
      else if (errno === linux.EAGAIN) await this.#ready("writable");
      else if (errno !== linux.EINTR) throw writeFailed(this.path, errno);
    }
    return data.length;
  }

  #ready(direction: "readable" | "writable"): Promise<void> {
    let watch = this.#watches.get(direction);
    if (!watch)
      this.#watches.set(direction, (watch = new Watch(this.#fdToWatch(direction), direction)));
    return this.#unlessClosed(watch.ready());
  }

  /** An fd can be watched once: of one that is open both ways, writing watches a duplicate. */
  #fdToWatch(direction: "readable" | "writable"): number {
    if (this.#access !== linux.O_RDWR || direction === "readable") return this.#fd!;
    return (this.#duplicate = duplicate(this.#fd!));
  }

  #unlessClosed<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      promise.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  #rejectWaiting(reason: unknown): void {
    for (const reject of this.#waiting) reject(reason);
    this.#waiting.clear();
  }

  #closedError(): TaskIOError {
    return new TaskIOError("CLOSED", `the FIFO "${this.path}" is closed`, { path: this.path });
  }

  #wrongWay(doing: string, way: string): TaskIOError {
    const { path } = this;
    return new TaskIOError(
      "INVALID_ARGUMENT",
      `cannot ${doing} "${path}": opened for ${way} only`,
      {
        path,
      },
    );
  }

  #failed(syscall: string, errno: number): TaskIOError {
    const { path } = this;
    return TaskIOError.fromErrno(errno, { doing: `${syscall} "${path}"`, syscall, path });
  }
}
