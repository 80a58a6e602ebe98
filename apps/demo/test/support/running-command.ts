import type { Ended } from "./test-runtime.ts";
import { until } from "@taskio/test-support";

/** A command whose output is looked at while it runs. */
export class RunningCommand {
  readonly #child: Bun.Subprocess<"pipe" | "inherit" | "ignore" | Blob, "pipe", "pipe">;
  readonly #stderr: Promise<string>;
  readonly #all: Promise<void>;
  #stdout = "";

  constructor(child: Bun.Subprocess<"pipe" | "inherit" | "ignore" | Blob, "pipe", "pipe">) {
    this.#child = child;
    this.#stderr = child.stderr.text();
    this.#all = this.#read(child.stdout);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Whether its output so far has that. */
  has(text: string): boolean {
    return this.#stdout.includes(text);
  }

  async sees(text: string): Promise<void> {
    await until(() => this.has(text), `${JSON.stringify(text)} in the output`);
  }

  /** What it gave from its begin to its end. */
  async ended(): Promise<Ended> {
    const [stderr, exitCode] = await Promise.all([this.#stderr, this.#child.exited, this.#all]);
    return { exitCode, stdout: this.#stdout, stderr };
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) this.#stdout += decoder.decode(chunk, { stream: true });
  }
}
