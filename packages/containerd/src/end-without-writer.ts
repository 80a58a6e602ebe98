import type { IO, TaskIOError } from "@taskio/core";
import type { FoundFIFO } from "@taskio/fifo/holders";
import { settlesWithin } from "./settles-within.ts";

/** How long until the next look at outputs that can't be told their end, in ms. It doubles up to the longest. */
const pause = { first: 100, longest: 10_000 };

/**
 * Gives the outputs of a process that has stopped their end: a reader that came when their last writer
 * had gone is told none by the kernel (c#2150). All that is in them is read before, at the pace of the
 * sinks, and what their writers still write.
 *
 * An output that may not be written to can't be told. Then the IO is cancelled, which ends both outputs,
 * when such a one is empty and without a writer and the other one is so too, or is not read any more.
 *
 * @returns the paths of those that were at their end at a cancel
 */
export async function endWithoutWriter(io: IO, found: readonly FoundFIFO[]): Promise<string[]> {
  const outputs = found.map((fifo) => new Output(fifo));
  for (let ms = pause.first; ; ms = Math.min(2 * ms, pause.longest)) {
    for (const output of outputs) output.tell();
    if (outputs.every(({ isTold }) => isTold) || (await settlesWithin(io.wait(), ms))) return [];
    for (const output of outputs) output.tell(); // now it may be possible
    const endless = outputs.filter(({ reading }) => reading === "endless");
    if (endless.length === 0 || outputs.some(({ reading }) => reading === "going on")) continue;
    io.cancel();
    return endless.map(({ path }) => path);
  }
}

/** How far the readers of this process are with an output. */
type Reading = "over" | "endless" | "going on";

class Output {
  isTold = false;
  /** Whether it may not be written to. */
  #isRefused = false;
  readonly #fifo: FoundFIFO;

  constructor(fifo: FoundFIFO) {
    this.#fifo = fifo;
  }

  get path(): string {
    return this.#fifo.path;
  }

  tell(): void {
    if (this.isTold) return;
    try {
      this.#fifo.end();
      this.isTold = true;
    } catch (error) {
      this.#isRefused = (error as TaskIOError).code === "PERMISSION"; // else fds are used up
    }
  }

  get reading(): Reading {
    const endless = this.#isEndless();
    if (endless === undefined) return "over";
    return endless && this.#isRefused ? "endless" : "going on";
  }

  /** Undefined for one that is not read, or no more. */
  #isEndless(): boolean | undefined {
    try {
      return this.#fifo.isEndless;
    } catch {
      return false; // not known while fds are used up
    }
  }
}
