import { closeSync } from "node:fs";
import { type Copy, stopGrace, type StreamResult, TaskIOError } from "@taskio/core";
import type { FdEnd } from "./fd-end.ts";
import { SPLICE } from "./reactor/layout.ts";
import { Reactor } from "./reactor/reactor.ts";
import { Transfer, type TransferEnd } from "./reactor/transfer.ts";
import { transferFailed } from "./transfer-failed.ts";

/** Copies an output FIFO into a caller's fd, inside the kernel. */
export class FdSinkCopy implements Copy {
  readonly done: Promise<StreamResult>;
  readonly #fifo: number;
  readonly #path: string;
  readonly #sink: FdEnd;
  #transfer: Transfer | undefined;
  #stopped: "cancel" | "detach" | undefined;

  /** @param fifo the read end, which becomes the copy's own, as the sink does */
  constructor(fifo: number, path: string, sink: FdEnd) {
    this.#fifo = fifo;
    this.#path = path;
    this.#sink = sink;
    this.done = this.#run();
  }

  stop(how: "cancel" | "detach"): void {
    this.#stopped = how;
    this.#transfer?.stop(stopGrace[how]);
  }

  async #run(): Promise<StreamResult> {
    try {
      return await this.#copy();
    } catch (error) {
      return failed(TaskIOError.from(error, "ENGINE_FAILED", `copy "${this.#path}"`), 0, 0);
    } finally {
      void this.#free();
    }
  }

  async #copy(): Promise<StreamResult> {
    const { bytes, ...end } = await this.#move(this.#sink.fd, this.#sink.kind);
    if (end.why !== "failed") return this.#result(end, bytes);
    const error = TaskIOError.fromErrno(end.errno, {
      code: "SINK_FAILED",
      doing: `write what "${this.#path}" gives`,
      syscall: "splice",
    });
    // The task must not wedge because its sink is gone: what still comes is dropped.
    const { bytes: discarded } = await this.#move(Reactor.get().devNull, SPLICE);
    return failed(error, bytes, discarded);
  }

  #move(fd: number, kind: number): Promise<TransferEnd> {
    this.#transfer = new Transfer(this.#fifo, fd, kind);
    if (this.#stopped) this.#transfer.stop(stopGrace[this.#stopped]);
    return this.#transfer.ended;
  }

  #result(end: Omit<TransferEnd, "bytes">, bytes: number): StreamResult {
    const { why } = end;
    if (why === "eof" || why === "stopped")
      return { bytes, discarded: 0, unacknowledged: 0, end: why };
    return failed(transferFailed(end, this.#path), bytes, 0);
  }

  async #free(): Promise<void> {
    await this.#transfer?.released;
    closeSync(this.#fifo);
    this.#sink.release();
  }
}

function failed(error: TaskIOError, bytes: number, discarded: number): StreamResult {
  return { bytes, discarded, unacknowledged: 0, end: "failed", error };
}
