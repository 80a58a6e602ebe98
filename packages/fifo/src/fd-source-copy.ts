import { type Copy, type StreamResult, TaskIOError } from "@taskio/core";
import type { FdEnd } from "./fd-end.ts";
import { fdResult } from "./fd-result.ts";
import { linux } from "./libc.ts";
import type { TransferEnd } from "./reactor/transfer.ts";
import { transferFailed } from "./transfer-failed.ts";
import { Transfers } from "./transfers.ts";
import type { WriteEnd } from "./write-end.ts";
import { writeFailed } from "./write-failed.ts";

/** Copies a caller's fd into a stdin FIFO, inside the kernel, once the FIFO has its reader. */
export class FdSourceCopy implements Copy {
  readonly done: Promise<StreamResult>;
  readonly #source: FdEnd;
  readonly #fifo: WriteEnd;
  readonly #transfers = new Transfers();
  readonly #stopped = Promise.withResolvers<undefined>();

  /** The source and the write end become the copy's own. */
  constructor(source: FdEnd, fifo: WriteEnd) {
    this.#source = source;
    this.#fifo = fifo;
    this.done = this.#run();
    void this.done.then(() => this.#free());
  }

  stop(how: "cancel" | "detach"): void {
    this.#transfers.stop(how);
    this.#stopped.resolve(undefined);
  }

  async #run(): Promise<StreamResult> {
    try {
      return await this.#copy();
    } catch (error) {
      return fdResult(0, TaskIOError.from(error, "ENGINE_FAILED", `copy to "${this.#fifo.path}"`));
    }
  }

  async #copy(): Promise<StreamResult> {
    const fd = await Promise.race([this.#stopped.promise, this.#fifo.opened]);
    if (fd === undefined) return fdResult(0, "stopped");
    const end = await this.#transfers.move(this.#source.fd, fd, this.#source.kind);
    if (end.why === "eof" || end.why === "stopped") return fdResult(end.bytes, end.why);
    return fdResult(end.bytes, this.#error(end));
  }

  #error(end: TransferEnd): TaskIOError {
    if (end.why !== "failed") return transferFailed(end, this.#fifo.path);
    if (end.errno === linux.EPIPE) return writeFailed(this.#fifo.path, end.errno);
    return TaskIOError.fromErrno(end.errno, {
      code: "SOURCE_FAILED",
      doing: `read the source of "${this.#fifo.path}"`,
      syscall: this.#source.syscall,
    });
  }

  async #free(): Promise<void> {
    await this.#transfers.released();
    this.#fifo.close();
    this.#source.release();
  }
}
