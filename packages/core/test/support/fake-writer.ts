import type { ChunkWriter } from "../../src/index.ts";

/** A writing end with as much room as the test gives. */
export class FakeWriter implements ChunkWriter {
  readonly chunks: Uint8Array[] = [];
  closed = 0;
  #room: number;
  #wake: (() => void) | undefined;

  constructor(room = Infinity) {
    this.#room = room;
  }

  /** All that was written. */
  get bytes(): Uint8Array {
    return Buffer.concat(this.chunks);
  }

  giveRoom(bytes: number): void {
    this.#room += bytes;
    this.#wake?.();
  }

  write(chunk: Uint8Array): number {
    const accepted = chunk.slice(0, this.#room);
    this.chunks.push(accepted);
    this.#room -= accepted.length;
    return accepted.length;
  }

  async writable(): Promise<void> {
    if (this.#room === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  close(): void {
    this.closed++;
  }
}
