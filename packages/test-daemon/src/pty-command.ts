import { until } from "./until.ts";

/** A command on a pseudo-terminal, and somebody who types. */
export class PtyCommand {
  readonly #child: Bun.Subprocess;
  readonly #decoder = new TextDecoder();
  #screen = "";

  constructor(
    command: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
    { cols = 80, rows = 24 } = {},
  ) {
    const data = (_: unknown, bytes: Uint8Array) => {
      this.#screen += this.#decoder.decode(bytes, { stream: true });
    };
    this.#child = Bun.spawn([...command], { env: { ...env }, terminal: { cols, rows, data } });
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** All that was shown so far. */
  get screen(): string {
    return this.#screen;
  }

  type(keys: string): void {
    this.#child.terminal!.write(keys);
  }

  resize(cols: number, rows: number): void {
    this.#child.terminal!.resize(cols, rows);
  }

  async sees(text: string): Promise<void> {
    await until(() => this.#screen.includes(text), "a text", { ms: 30_000 }).catch(() => {
      const shown = JSON.stringify(this.#screen);
      throw new Error(`the terminal never showed ${JSON.stringify(text)}, but ${shown}`);
    });
  }

  /** The exit code, when all that was written is on the screen. */
  async exited(): Promise<number> {
    const exitCode = await this.#child.exited;
    for (let seen = -1; seen !== this.#screen.length;) {
      seen = this.#screen.length;
      await Bun.sleep(50);
    }
    this.#child.terminal!.close();
    return exitCode;
  }
}
