import { type Copy, stopGrace, type StreamResult, TaskIOError } from "@taskio/core";
import type { FdEnd } from "./fd-end.ts";
import { linux } from "./libc.ts";
import { Transfer, type TransferEnd } from "./reactor/transfer.ts";
import { transferFailed } from "./transfer-failed.ts";
import { type WriteEnd, writeFailed } from "./write-end.ts";

/** Copies a caller's fd into a stdin FIFO, inside the kernel, once the FIFO has its reader. */
export class FdSourceCopy implements Copy {
  readonly done: Promise<StreamResult>;
  readonly #source: FdEnd;
  readonly #fifo: WriteEnd;
  readonly #stop = Promise.withResolvers<undefined>();
  #transfer: Transfer | undefined;

  /** The source and the write end become the copy's own. */
  constructor(source: FdEnd, fifo: WriteEnd) {
    this.#source = source;
    this.#fifo = fifo;
    this.done = this.#run();
  }

  stop(how: "cancel" | "detach"): void {
    this.#stop.resolve(undefined);
    this.#transfer?.stop(stopGrace[how]);
  }

  async #run(): Promise<StreamResult> {
    try {
      const fd = await Promise.race([this.#stop.promise, this.#fifo.opened]);
      if (fd === undefined) return result({ bytes: 0, end: "stopped" });
      this.#transfer = new Transfer(this.#source.fd, fd, this.#source.kind);
      return this.#result(await this.#transfer.ended);
    } catch (thrown) {
      const error = TaskIOError.from(thrown, "ENGINE_FAILED", `copy to "${this.#fifo.path}"`);
      return result({ bytes: 0, end: "failed", error });
    } finally {
      await this.#free();
    }
  }

  #result(end: TransferEnd): StreamResult {
    const { bytes, why } = end;
    if (why === "eof" || why === "stopped") return result({ bytes, end: why });
    return result({ bytes, end: "failed", error: this.#error(end) });
  }

  #error(end: TransferEnd): TaskIOError {
    if (end.why !== "failed") return transferFailed(end, this.#fifo.path);
    if (end.errno === linux.EPIPE) return writeFailed(this.#fifo.path, end.errno);
    return TaskIOError.fromErrno(end.errno, {
      code: "SOURCE_FAILED",
      doing: `read the source of "${this.#fifo.path}"`,
      syscall: "splice",
    });
  }

  async #free(): Promise<void> {
    await this.#transfer?.released;
    this.#fifo.close();
    this.#source.release();
  }
}

function result(part: Pick<StreamResult, "bytes" | "end" | "error">): StreamResult {
  return { discarded: 0, unacknowledged: 0, ...part };
}
