import { constants } from "node:fs";
import { beginPulse, endPulse } from "./eof-pulse.ts";
import { HeldFIFO } from "./held-fifo.ts";
import type { Output } from "./output.ts";

/** An output in a client's FIFO, which the process writes itself. */
export class FIFOOutput implements Output {
  readonly #fifo: HeldFIFO;
  #closed = false;

  constructor(path: string) {
    this.#fifo = new HeldFIFO(path);
  }

  get writer(): number {
    return this.#fifo.writer;
  }

  /** With a read end of its own, so that a runtime that was killed gives the process no SIGPIPE. */
  open(): number {
    return this.#fifo.open(constants.O_RDWR);
  }

  dropReader(): void {
    this.#fifo.dropReader();
  }

  /** Readers see the end when the process's children have gone too; what they left stays. */
  ended(): void {
    if (this.#closed) return;
    this.#fifo.dropWriter();
    beginPulse(this.#fifo);
  }

  async close(): Promise<void> {
    this.#closed = true;
    endPulse(this.#fifo);
    this.#fifo.close();
  }
}
