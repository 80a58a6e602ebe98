import { join } from "node:path";
import type { Pty } from "./pty.ts";
import { until } from "@taskio/test-support";

interface Options {
  /** The script in this folder, and its arguments. */
  readonly script: readonly string[];
  /** A shell command around the script, which is `"$@"`. Default: none. */
  readonly shell?: string;
}

/** A script in a process of its own, whose controlling terminal and stdin a pty is. */
export class TerminalChild implements AsyncDisposable {
  readonly #process: ReturnType<typeof start>;
  /** What it has said on stdout. */
  said = "";
  readonly #listening: Promise<void>;
  readonly #stdout: {
    read(): Promise<{ done: boolean; value?: Uint8Array }>;
    cancel(): Promise<void>;
  };

  constructor(pty: Pty, { script: [name, ...args], shell }: Options) {
    const script = [process.execPath, join(import.meta.dir, name!), ...args];
    this.#process = start(pty, shell ? ["sh", "-c", shell, "sh", ...script] : script);
    this.#stdout = this.#process.stdout.getReader();
    this.#listening = this.#listen();
  }

  /** Waits until it has said something. */
  async says(text: string): Promise<void> {
    await until(() => this.said.includes(text) || this.#process.exitCode !== null, `"${text}"`);
    if (!this.said.includes(text)) throw new Error(`it ended without "${text}": ${this.said}`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Closes the pipe behind its stdout. */
  async closeStdout(): Promise<void> {
    await this.#stdout.cancel();
  }

  /** How it ended: an exit code or a signal. */
  async end(): Promise<number | NodeJS.Signals> {
    await this.#process.exited;
    await this.#listening;
    return this.#process.signalCode ?? this.#process.exitCode!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
  }

  async #listen(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#stdout.read();
      if (done) return;
      this.said += Buffer.from(value!).toString();
    }
  }
}

function start(pty: Pty, command: string[]) {
  return Bun.spawn(["setsid", "-c", "-w", ...command], {
    stdin: pty.slave,
    stdout: "pipe",
    stderr: "ignore",
  });
}
