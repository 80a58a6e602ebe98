import type { Copy, StreamResult } from "@taskio/core";
import type { WriteEnd } from "./write-end.ts";

/**
 * A copy into a FIFO that stays open after the source's end, until the copy is stopped, as closing or
 * detaching the IO does. So for a terminal: its shim opens the FIFO for reading and, a little later and in
 * another thread, for writing. Whoever comes and goes in between ends the reading, and with it the
 * terminal is hung up (c#4107).
 */
export class KeptOpenCopy implements Copy {
  readonly done: Promise<StreamResult>;
  readonly #copy: Copy;
  readonly #end: WriteEnd;
  #isDone = false;
  #isStopped = false;

  constructor(copy: Copy, end: WriteEnd) {
    end.keep();
    this.#copy = copy;
    this.#end = end;
    this.done = copy.done.then((result) => {
      this.#isDone = true;
      this.#letGo();
      return result;
    });
  }

  stop(how: "cancel" | "detach"): void {
    this.#isStopped = true;
    this.#copy.stop(how);
    this.#letGo();
  }

  #letGo(): void {
    if (this.#isDone && this.#isStopped) this.#end.letGo();
  }
}
