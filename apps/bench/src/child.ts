import type { Subprocess } from "bun";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { interrupted } from "./interrupted.ts";

/** After which a process is killed, in ms: nothing here takes so long. */
const timeout = 60_000;

/** A process that answers in lines. Disposing kills it. */
export class Child implements AsyncDisposable {
  readonly #name: string;
  readonly #process: Subprocess<"ignore", "pipe", "pipe">;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, command: readonly string[]) {
    this.#name = name;
    this.#process = Bun.spawn([...command], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      timeout,
      signal: interrupted,
      killSignal: "SIGKILL",
    });
    const input = Readable.fromWeb(this.#process.stdout);
    this.#lines = createInterface({ input })[Symbol.asyncIterator]();
  }

  /** Waits until it says that it is ready. */
  async ready(): Promise<void> {
    const line = await this.#line();
    if (line !== "ready") throw new Error(`${this.#name} said "${line}", not "ready"`);
  }

  /** What it found. */
  async result<T>(): Promise<T> {
    return JSON.parse(await this.#line()) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
  }

  async #line(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (!done) return value;
    const [exitCode, stderr] = await Promise.all([
      this.#process.exited,
      this.#process.stderr.text(),
    ]);
    throw new Error(`${this.#name} ended with ${exitCode}: ${stderr.trim().split("\n").at(-1)}`);
  }
}
