import { type ChunkWriter, type Copy, copyFromSource, type StreamResult } from "@taskio/core";
import type { FIFOSource } from "./fifo-source.ts";

/** One viewer's time at the task's stdin: what it writes is copied, also what it left behind. */
export class StdinTurn {
  readonly since = new Date();
  /** How the copy ended, and whether the viewer asked for the end of the task's stdin. */
  readonly done: Promise<StreamResult & { readonly isLast: boolean }>;
  readonly #source: FIFOSource;
  readonly #over = Promise.withResolvers<void>();
  #copy: Copy | undefined;
  #isStopped = false;
  #isLast = false;

  /**
   * @param stdin the task's, which stays open: asked for when this turn comes
   * @param before when the turn before is done
   */
  constructor(source: FIFOSource, stdin: () => ChunkWriter, before: Promise<unknown>) {
    this.#source = source;
    this.done = this.#run(stdin, before);
  }

  /** Whether the viewer asked for the end of the task's stdin. */
  get isToEnd(): boolean {
    return this.#isLast;
  }

  /** The viewer has written its last byte, and wants the task to see the end after it. */
  endAfterwards(): void {
    this.#isLast = true;
    this.#over.resolve();
  }

  /** The viewer is gone. What it wrote is still copied. */
  leave(): void {
    this.#source.leave();
    this.#over.resolve();
  }

  /** The hub stops. */
  stop(): void {
    this.#isStopped = true;
    this.#copy?.stop("cancel");
    this.#over.resolve();
  }

  async #run(stdin: () => ChunkWriter, before: Promise<unknown>) {
    await before;
    this.#copy = copyFromSource(this.#source, {
      write: (chunk) => stdin().write(chunk),
      writable: async () => stdin().writable(),
      close() {},
    });
    if (this.#isStopped) this.#copy.stop("cancel");
    const result = await this.#copy.done;
    if (result.end === "eof") await this.#over.promise; // the message may come after the FIFO's end
    return { ...result, isLast: this.#isLast && result.end === "eof" };
  }
}
