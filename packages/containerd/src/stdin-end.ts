import { type IO, isWired, type StreamResult, TaskIOError } from "@taskio/core";
import { abortable } from "./abortable.ts";
import { once } from "./once.ts";
import { orNone } from "./or-none.ts";

/**
 * Ends a process's stdin, once, when its source is at its end. A short source ends before there is a
 * process to be told, and the call would be lost (c#2439, c#2659, c#4489): it is kept until then.
 */
export class StdinEnd {
  readonly #io: IO;
  readonly #closeIO: () => Promise<unknown>;
  readonly #exists = Promise.withResolvers<void>();
  readonly #close = once(() => this.#call());
  #existing = false;
  #told: Promise<void> | undefined;

  /** @param closeIO the call to the runtime */
  constructor(io: IO, closeIO: () => Promise<unknown>) {
    this.#io = io;
    this.#closeIO = closeIO;
  }

  /** Follows the source. Not for a terminal: the shim would hang it up (c#4107). */
  follow(): void {
    if (!isWired(this.#io.config.stdin) || this.#io.config.terminal) return;
    void this.#io.stdinDone.then((result) => {
      if (isAtEnd(result)) this.#told = this.close().catch(() => {}); // who asks calls closeIO
    });
  }

  /** From now on the runtime can be told. */
  processExists(): void {
    this.#existing = true;
    this.#exists.resolve();
  }

  /** Waits for a call under way, which must not be lost when its client goes away. */
  async settle(): Promise<void> {
    if (this.#existing) await this.#told;
  }

  async close(signal?: AbortSignal): Promise<void> {
    if (this.#io.config.terminal) {
      throw new TaskIOError(
        "INVALID_ARGUMENT",
        "a terminal's stdin can't be closed, that would hang it up: write ^D (0x04) to it",
      );
    }
    await abortable(this.#close(), signal);
  }

  async #call(): Promise<void> {
    await this.#exists.promise;
    await orNone(this.#closeIO()); // none that has ended: nobody reads
  }
}

/**
 * Also a source that failed gives no more: as in a shell's pipeline, its reader must not wait for
 * ever. A detach, or a peer that is gone, is no end.
 */
function isAtEnd(result: StreamResult | undefined): boolean {
  return result?.end === "eof" || result?.error?.code === "SOURCE_FAILED";
}
