import { isatty } from "node:tty";
import { ratioTo, type Result, valueOf } from "../result.ts";
import { ratio, valueWithUnit } from "./numbers.ts";

/** Says on stderr what is being measured: one line that changes on a terminal, else a line for each row. */
export class Progress {
  readonly #terminal = isatty(2);
  #count = 0;
  #begun = 0;
  #since = 0;
  #title = "";

  /** @param count of the rows that come */
  begin(count: number): void {
    this.#count = count;
  }

  row(title: string): void {
    this.#begun++;
    this.#since = performance.now();
    this.#title = `[${this.#begun}/${this.#count}] ${title}`;
    this.#show(this.#title);
  }

  round(round: number, rounds: number, side: string): void {
    this.#show(`${this.#title}: round ${round} of ${rounds}, ${side}`);
  }

  /** What is done outside of the rows. */
  step(text: string): void {
    this.#show(text);
  }

  /** Something that stays. */
  note(text: string): void {
    this.clear();
    process.stderr.write(`bench: ${text.split("\n")[0]}\n`);
  }

  /** Tells of a row's first figure. */
  end([first]: readonly Result[]): void {
    this.clear();
    const seconds = ((performance.now() - this.#since) / 1000).toFixed(1);
    const ours = valueWithUnit(valueOf(first!, "ours"), first!.figure);
    const toGo = ratio(ratioTo(first!, "go"));
    process.stderr.write(`${this.#title}: ${ours}, ${toGo} Go's (${seconds} s)\n`);
  }

  clear(): void {
    if (this.#terminal) process.stderr.write("\r\x1b[K");
  }

  #show(line: string): void {
    if (!this.#terminal) return;
    this.clear();
    process.stderr.write(line.slice(0, process.stderr.columns - 1));
  }
}
