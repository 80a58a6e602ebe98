/** How long a copy may keep the JS thread to itself, in ms. */
const longest = 5;

/** Lets timers and other IO run now and then while chunks come without a wait between them. */
export class Turn {
  #start = performance.now();

  /** Ends the turn when it was long. */
  async next(): Promise<void> {
    if (performance.now() - this.#start < longest) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#start = performance.now();
  }
}
