import { isatty } from "node:tty";

/** Bytes that went into tasks and came out of them. */
export interface Totals {
  in: number;
  out: number;
}

const labelWidth = 10;

/** Tells what happens, in plain lines; in colour on a terminal, unless NO_COLOR is set. */
export class Narrator {
  readonly #colour = isatty(1) && !process.env.NO_COLOR;
  #steps = 0;
  #silent = false;

  say(line = ""): void {
    if (!this.#silent) console.log(line); // unlike process.stdout, goes on when nobody reads any more
  }

  /** Says nothing from now on. */
  silence(): void {
    this.#silent = true;
  }

  /** The title of the next step. */
  step(title: string): void {
    this.say();
    this.say(this.#style(1, `${++this.#steps}  ${title}`));
  }

  /** A line of the step: what it is about, and what became of it. */
  line(label: string, text: string): void {
    this.say(`   ${this.#style(36, label.padEnd(labelWidth))} ${text}`);
  }

  /** A line that says how much of the counting one attach got. */
  piece(label: string, what: string, { lines, bytes }: { lines: number; bytes: number }): void {
    const amount = `${number(lines).padStart(10)} lines ${number(bytes).padStart(12)} bytes`;
    this.line(label, `${what.padEnd(13)} ${amount}`);
  }

  /** A line about something that was checked and is right. */
  right(label: string, text: string): void {
    this.line(label, `${text} ${this.#style(32, "✓")}`);
  }

  summary(totals: Totals, ms: number): void {
    const { in: taken, out } = totals;
    const amounts = `${number(taken)} bytes in, ${number(out)} bytes out`;
    const seconds = `${(ms / 1000).toFixed(1)} s`;
    this.say();
    this.say(this.#style(1, `Done in ${seconds}: ${amounts}, nothing lost, nothing left behind.`));
  }

  fail(error: unknown): void {
    if (!this.#silent) console.error(`\nThe demo failed: ${Bun.inspect(error)}`);
  }

  #style(code: number, text: string): string {
    return this.#colour ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}

/** With separators, for people. */
export function number(value: number): string {
  return value.toLocaleString("en");
}
