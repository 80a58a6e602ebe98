import { isatty } from "node:tty";
import type { Row } from "./row.ts";
import type { RowResult } from "./run-row.ts";

/** Says on stderr what is being tried: one line that changes on a terminal, else a line for each row. */
export class Progress {
  readonly #terminal = isatty(2);
  readonly #count: number;
  #begun = 0;
  #since = 0;

  constructor(count: number) {
    this.#count = count;
  }

  begin({ number, failure }: Row): void {
    this.#begun++;
    this.#since = performance.now();
    this.#show(`[${this.#begun}/${this.#count}] ${number}: ${failure}`);
  }

  end({ number, taskio }: RowResult): void {
    if (this.#terminal && taskio.immune) return;
    const seconds = ((performance.now() - this.#since) / 1000).toFixed(1);
    this.clear();
    process.stderr.write(`${taskio.immune ? "✓" : "✗"} ${number}: ${taskio.seen} (${seconds} s)\n`);
  }

  clear(): void {
    if (this.#terminal) process.stderr.write("\r\x1b[K");
  }

  #show(line: string): void {
    if (this.#terminal)
      process.stderr.write(`\r\x1b[K${line.slice(0, process.stderr.columns - 1)}`);
  }
}
