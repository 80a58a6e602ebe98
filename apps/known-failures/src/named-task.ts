import assert from "node:assert/strict";
import type { Program } from "./program.ts";

let count = 0;

/** A name for a task of `taskio`. Disposing ends and removes the task, where it is still there. */
export class NamedTask implements AsyncDisposable {
  readonly name = `named-${++count}`;
  readonly #taskio: Program;

  constructor(taskio: Program) {
    this.#taskio = taskio;
  }

  /**
   * Runs it with `-d`.
   *
   * @param args options of `taskio run`, then `--` and the command
   */
  async runDetached(...args: string[]): Promise<void> {
    await this.ok("run", "-d", "--name", this.name, ...args);
  }

  /** Runs `taskio`, which has to end well, and gives what it printed. */
  async ok(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr, hung } = await this.#taskio.run(args);
    assert.equal(exitCode, 0, `taskio ${args[0]}: ${hung ? "hung" : stderr}`);
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#taskio.run(["rm", "-f", this.name]);
  }
}
