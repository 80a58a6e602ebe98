import type { ChunkReader } from "../../src/index.ts";

type Item = Uint8Array | "eof" | Error;

/** A reading end that the test feeds. */
export class FakeReader implements ChunkReader {
  closed = 0;
  /** What was not taken. */
  readonly left: Item[];
  #wake: (() => void) | undefined;

  constructor(...items: Item[]) {
    this.left = items;
  }

  push(...items: Item[]): void {
    this.left.push(...items);
    this.#wake?.();
  }

  read(): Uint8Array | "empty" | "eof" {
    const [item] = this.left;
    if (item instanceof Error) throw item;
    if (item !== "eof") this.left.shift();
    return item ?? "empty";
  }

  readable(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  close(): void {
    this.closed++;
  }
}
