/** A sink that keeps what it is given. */
export class TextSink {
  readonly #chunks: Uint8Array[] = [];
  readonly sink: (chunk: Uint8Array) => void | Promise<void>;

  /** @param delay how long each chunk takes, in ms */
  constructor(delay = 0) {
    this.sink = (chunk) => {
      this.#chunks.push(chunk);
      if (delay > 0) return Bun.sleep(delay);
    };
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.bytes.toString();
  }

  /** Waits until the text has `part`. */
  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) await Bun.sleep(5);
  }
}
