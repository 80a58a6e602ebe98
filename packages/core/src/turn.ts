/** How long a copy may keep the JS thread to itself, in ms. */
const longest = 5;

/**
 * Lets timers and other IO run now and then while chunks come without a wait between them: promises
 * alone never let the event loop go on. For backends.
 *
 * @example
 * ```ts
 * import { Turn } from "@taskio/core";
 *
 * const turn = new Turn();
 * for (let chunk = 0; chunk < 1000; chunk++) await turn.next();
 * ```
 */
export class Turn {
  #start = performance.now();

  /** Ends the turn when it has been longer than 5 ms; to be awaited between two chunks. */
  async next(): Promise<void> {
    if (performance.now() - this.#start < longest) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#start = performance.now();
  }
}
