import type { ChunkSink } from "../../src/index.ts";

/** A sink that keeps what it is given, and does with each chunk what the test says. */
export class FakeSink implements ChunkSink {
  readonly chunks: Uint8Array[] = [];
  released = 0;
  readonly #each: (chunk: Uint8Array, index: number) => void | Promise<void>;

  constructor(each: (chunk: Uint8Array, index: number) => void | Promise<void> = () => {}) {
    this.#each = each;
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.chunks.push(chunk.slice());
    return this.#each(chunk, this.chunks.length - 1);
  }

  release(): void {
    this.released++;
  }
}
