import type { ChunkSource } from "@taskio/core";
import { concat } from "./concat.ts";
import type { Input } from "./input.ts";

/** A caller's stream, iterable, Blob or bytes: gives whole chunks. */
export class SourceInput implements Input {
  readonly #source: ChunkSource;
  #next: Uint8Array | "empty" | "eof" = "empty";

  constructor(source: ChunkSource) {
    this.#source = source;
  }

  read(): Uint8Array | "empty" | "eof" {
    const next = this.#next;
    if (next !== "eof") this.#next = "empty";
    return next;
  }

  async readable(): Promise<void> {
    if (this.#next !== "empty") return;
    const more = await this.#source.pull((chunk) => (this.#next = chunk));
    if (!more) this.#next = "eof";
  }

  release(rest: Uint8Array): void {
    const next = typeof this.#next === "string" ? [] : [this.#next];
    this.#source.release(concat([rest, ...next]));
  }
}
