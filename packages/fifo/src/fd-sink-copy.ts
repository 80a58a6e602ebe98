import { closeSync } from "node:fs";
import { type Copy, type StreamResult, TaskIOError } from "@taskio/core";
import type { FdEnd } from "./fd-end.ts";
import { fdResult } from "./fd-result.ts";
import { SPLICE } from "./reactor/layout.ts";
import { Reactor } from "./reactor/reactor.ts";
import { transferFailed } from "./transfer-failed.ts";
import { Transfers } from "./transfers.ts";

/** Copies an output FIFO into a caller's fd, inside the kernel. */
export class FdSinkCopy implements Copy {
  readonly done: Promise<StreamResult>;
  readonly #fifo: number;
  readonly #path: string;
  readonly #sink: FdEnd;
  readonly #transfers = new Transfers();

  /** @param fifo the read end, which becomes the copy's own, as the sink does */
  constructor(fifo: number, path: string, sink: FdEnd) {
    this.#fifo = fifo;
    this.#path = path;
    this.#sink = sink;
    this.done = this.#run();
    void this.done.then(() => this.#free());
  }

  stop(how: "cancel" | "detach"): void {
    this.#transfers.stop(how);
  }

  async #run(): Promise<StreamResult> {
    try {
      return await this.#copy();
    } catch (error) {
      return fdResult(0, TaskIOError.from(error, "ENGINE_FAILED", `copy "${this.#path}"`));
    }
  }

  async #copy(): Promise<StreamResult> {
    const end = await this.#transfers.move(this.#fifo, this.#sink.fd, this.#sink.kind);
    if (end.why === "eof" || end.why === "stopped") return fdResult(end.bytes, end.why);
    if (end.why !== "failed") return fdResult(end.bytes, transferFailed(end, this.#path));
    const error = TaskIOError.fromErrno(end.errno, {
      code: "SINK_FAILED",
      doing: `write what "${this.#path}" gives`,
      syscall: this.#sink.syscall,
    });
    // The task must not wedge because its sink is gone: what still comes is dropped.
    const { devNull } = Reactor.get();
    const { bytes: discarded } = await this.#transfers.move(this.#fifo, devNull, SPLICE);
    return fdResult(end.bytes, error, discarded);
  }

  async #free(): Promise<void> {
    await this.#transfers.released();
    closeSync(this.#fifo);
    this.#sink.release();
  }
}
