/** A sink that keeps what it is given. */
export class TextSink {
  readonly #chunks: Uint8Array[] = [];

  readonly sink = (chunk: Uint8Array): void => void this.#chunks.push(chunk);

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}
