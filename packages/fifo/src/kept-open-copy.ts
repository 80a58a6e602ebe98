import type { Copy, StreamResult } from "@taskio/core";
import type { WriteEnd } from "./write-end.ts";

/**
 * A copy into a FIFO that stays open after the source's end, until the copy is stopped, as closing or
 * detaching the IO does, or the output has ended. So for a terminal: its shim opens the FIFO for reading
 * and, a little later and in another thread, for writing. Whoever comes and goes in between ends the
 * reading, and with it the terminal is hung up (c#4107).
 */
export class KeptOpenCopy implements Copy {
  readonly done: Promise<StreamResult>;
  readonly #copy: Copy;
  readonly #end: WriteEnd;

  /** @param output the terminal's, where it is copied too */
  constructor(copy: Copy, end: WriteEnd, output: Copy | undefined) {
    end.keep();
    this.#copy = copy;
    this.#end = end;
    this.done = copy.done.then((result) => {
      if (result.error?.code === "PEER_GONE") end.letGo();
      return result;
    });
    void output?.done.then((result) => {
      if (result.end === "eof") end.letGo();
    });
  }

  stop(how: "cancel" | "detach"): void {
    this.#copy.stop(how);
    this.#end.letGo();
  }
}
