import { closeSync } from "node:fs";
import type { Output } from "./output.ts";
import type { ProcessStreams } from "./process-streams.ts";
import type { StdinFIFO } from "./stdin-fifo.ts";

/** Streams that the process reads and writes itself. */
export class PlainStreams implements ProcessStreams {
  readonly #stdin: StdinFIFO | undefined;
  readonly #outputs: readonly [Output, Output] | undefined;

  constructor(stdin: StdinFIFO | undefined, outputs: readonly [Output, Output] | undefined) {
    this.#stdin = stdin;
    this.#outputs = outputs;
  }

  childFds(): (number | "ignore")[] {
    const fds: (number | "ignore")[] = [];
    try {
      fds.push(this.#stdin?.open() ?? "ignore");
      for (const at of [0, 1] as const) fds.push(this.#outputs?.[at].open() ?? "ignore");
      return fds;
    } catch (error) {
      for (const fd of fds) if (fd !== "ignore") closeSync(fd);
      throw error;
    }
  }

  started(): void {
    this.#stdin?.started();
  }

  closeStdin(): void {
    this.#stdin?.closeWriter();
  }

  resize(): void {}

  ended(): void {
    this.#stdin?.close();
    for (const output of this.#outputs ?? []) output.ended();
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.#stdin?.close();
    for (const output of new Set(this.#outputs)) await output.close();
  }
}
