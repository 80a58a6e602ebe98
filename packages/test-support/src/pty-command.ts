import { until } from "./until.ts";

/** How long what a command leaves behind may keep its terminal, in ms. */
const longest = 2000;

/** A command on a pseudo-terminal, and somebody who types. */
export class PtyCommand {
  readonly #child: Bun.Subprocess;
  readonly #decoder = new TextDecoder();
  /** Nobody has the terminal open any more, and all that was written to it was read. */
  readonly #hungUp = Promise.withResolvers<void>();
  #screen = "";

  constructor(
    command: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
    { cols = 80, rows = 24 } = {},
  ) {
    const data = (_: unknown, bytes: Uint8Array) => {
      this.#screen += this.#decoder.decode(bytes, { stream: true });
    };
    const exit = () => this.#hungUp.resolve();
    const terminal = { cols, rows, data, exit };
    this.#child = Bun.spawn([...command], { env: { ...env }, terminal });
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
    await until(() => this.#screen.includes(text)).catch(() => {
      const shown = JSON.stringify(this.#screen);
      throw new Error(`the terminal never showed ${JSON.stringify(text)}, but ${shown}`);
    });
  }

  /** The exit code, when all that was written is on the screen. */
  async exited(): Promise<number> {
    const exitCode = await this.#child.exited;
    await Promise.race([this.#hungUp.promise, Bun.sleep(longest)]);
    this.#child.terminal!.close();
    return exitCode;
  }
}
