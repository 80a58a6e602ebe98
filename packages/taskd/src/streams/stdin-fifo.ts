import { constants } from "node:fs";
import { HeldFIFO } from "./held-fifo.ts";

/** A process's stdin in a client's FIFO, which the process reads itself. */
export class StdinFIFO {
  readonly #fifo: HeldFIFO;

  constructor(path: string) {
    this.#fifo = new HeldFIFO(path);
  }

  /** For a terminal, whose input is copied. */
  get reader(): number {
    return this.#fifo.reader;
  }

  /** An open file for the process alone; the caller closes its fd. */
  open(): number {
    return this.#fifo.open(constants.O_RDONLY);
  }

  /** The process reads now: it alone, so that a client learns when it has closed its stdin. */
  started(): void {
    this.#fifo.dropReader();
  }

  /** The end comes when the clients' writers have gone too. */
  closeWriter(): void {
    this.#fifo.dropWriter();
  }

  close(): void {
    this.#fifo.close();
  }
}
