import { closeSync, writeSync } from "node:fs";

/** Where the runtime waits for a driver: a byte says that it is ready, the end without one that it is not. */
export class ReadyPipe {
  readonly #fd: number;
  #open = true;
  #told = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Whether the runtime was told. */
  get told(): boolean {
    return this.#told;
  }

  tell(): void {
    if (!this.#open) return;
    this.#told = true;
    try {
      writeSync(this.#fd, Buffer.alloc(1));
    } catch {
      // nobody waits any more; the streams will end
    } finally {
      this.close();
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
  }
}
