import type { ChunkSource } from "@taskio/core";
import type { ReadEnd } from "@taskio/fifo/reactor";

/** What a viewer writes to its stdin FIFO, until it closes it, or has left and all is read. */
export class FIFOSource implements ChunkSource {
  readonly #fifo: ReadEnd;
  #wake: (() => void) | undefined;
  #hasLeft = false;
  #released = false;

  /** The read end becomes the source's own. */
  constructor(fifo: ReadEnd) {
    this.#fifo = fifo;
  }

  /** The viewer writes no more. It may never have opened the FIFO, which is no end of it. */
  leave(): void {
    this.#hasLeft = true;
    this.#wake?.();
  }

  async pull(take: (chunk: Uint8Array) => void): Promise<boolean> {
    while (!this.#released) {
      const hadLeft = this.#hasLeft; // before the read, which sees all that was written by then
      const chunk = this.#fifo.read();
      if (chunk === "eof" || (chunk === "empty" && hadLeft)) return false;
      if (chunk !== "empty") return (take(chunk), true);
      await this.#readableOrLeft();
    }
    return true;
  }

  /** A race with one promise for all waits would keep something of each. */
  #readableOrLeft(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wake = resolve;
      this.#fifo.readable().then(resolve, reject);
    });
  }

  release(): void {
    this.#released = true;
    this.#fifo.close();
  }
}
