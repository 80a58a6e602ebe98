import type { HubLog } from "../../src/index.ts";

/** A log that remembers all of stdout. */
export class MemoryLog implements HubLog {
  readonly #chunks: Uint8Array[] = [];

  write(stream: "stdout" | "stderr", chunk: Uint8Array): void {
    if (stream === "stdout") this.#chunks.push(chunk.slice());
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
