/** Lets a copy wait for something and be released from the wait when it is stopped. */
export class StopGate {
  #release: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #graceful = false;
  #grace = Infinity;

  get stopped(): boolean {
    return this.#grace !== Infinity;
  }

  /** Settles as `promise` does, or with undefined as soon as the gate is stopped. */
  wait<T>(promise: Promise<T>): Promise<T | undefined> {
    this.#graceful = false;
    return this.#settle(promise);
  }

  /** As {@link wait}, but a stop grants the promise its grace time first. */
  waitGracefully<T>(promise: Promise<T>): Promise<T | undefined> {
    this.#graceful = true;
    return this.#settle(promise);
  }

  /** Stops the gate for good; `grace` (ms) is what a graceful wait may still take. */
  stop(grace: number): void {
    if (grace >= this.#grace) return; // a second stop must not put the first one off
    this.#grace = grace;
    this.#startRelease();
  }

  async #settle<T>(promise: Promise<T>): Promise<T | undefined> {
    try {
      return await new Promise<T | undefined>((resolve, reject) => {
        this.#release = () => resolve(undefined);
        promise.then(resolve, reject);
        if (this.stopped) this.#startRelease();
      });
    } finally {
      this.#release = undefined;
      clearTimeout(this.#timer);
    }
  }

  #startRelease(): void {
    clearTimeout(this.#timer);
    if (!this.#graceful) this.#release?.();
    else if (this.#release) this.#timer = setTimeout(this.#release, this.#grace);
  }
}
