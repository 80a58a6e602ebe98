/** Bytes that may be moved without a wait before timers and other IO get their turn. */
const turnBytes = 1 << 20;

/** Keeps a stream that is always ready from starving the event loop: promises alone never let go. */
export class Turn {
  #moved = 0;

  add(bytes: number): void {
    this.#moved += bytes;
  }

  get isOver(): boolean {
    return this.#moved >= turnBytes;
  }

  async end(): Promise<void> {
    this.#moved = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
