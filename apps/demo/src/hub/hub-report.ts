import { appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { messageOf } from "../cli/report-error.ts";

/** The file in the folder of a task's log where its hub says what went wrong; made when something did. */
export const hubReportName = "hub.log";

/** How many lines are kept that can't be written. */
const mostKept = 100;
/** How often to try those again, in ms. */
const period = 10_000;

/** Says what went wrong, for who looks for it: nobody is there to be told. */
export class HubReport {
  readonly #path: string;
  readonly #unwritten: string[] = [];
  #last: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param log the task's */
  constructor(log: string) {
    this.#path = join(dirname(log), hubReportName);
  }

  /** The same twice in a row is said once. */
  readonly add = (error: unknown): void => {
    const message = messageOf(error);
    if (message === this.#last) return;
    this.#last = message;
    this.#unwritten.push(`${new Date().toISOString()} ${message}\n`);
    this.#unwritten.splice(0, this.#unwritten.length - mostKept);
    this.#write();
  };

  /** A disk that is full now may have room later. */
  #write(): void {
    clearTimeout(this.#timer);
    try {
      appendFileSync(this.#path, this.#unwritten.join(""), { mode: 0o600 });
      this.#unwritten.length = 0;
    } catch {
      this.#timer = setTimeout(() => this.#write(), period).unref();
    }
  }
}
