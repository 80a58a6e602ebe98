/** How long what a command leaves behind may keep its terminal, in ms. */
const longest = 2000;

/** Somebody at a terminal on which a command runs. */
export class TerminalUser {
  readonly #child: Bun.Subprocess;
  readonly #decoder = new TextDecoder();
  /** Nobody has the terminal open any more, and all that was written to it was read. */
  readonly #hungUp = Promise.withResolvers<void>();
  #screen = "";

  constructor(command: readonly string[], env: Record<string, string | undefined>) {
    const data = (_: unknown, bytes: Uint8Array) => {
      this.#screen += this.#decoder.decode(bytes, { stream: true });
    };
    const exit = () => this.#hungUp.resolve();
    this.#child = Bun.spawn([...command], { env, terminal: { cols: 80, rows: 24, data, exit } });
  }

  /** All that was shown. */
  get screen(): string {
    return this.#screen;
  }

  type(keys: string): void {
    this.#child.terminal!.write(keys);
  }

  /** Waits until something is shown. */
  async sees(text: string, withinMs = 30_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!this.#screen.includes(text)) {
      if (performance.now() > deadline) throw this.#neverShowed(text);
      await Bun.sleep(10);
    }
  }

  /** The command's exit code, when all that it wrote is on the screen. */
  async exited(): Promise<number> {
    const exitCode = await this.#child.exited;
    await Promise.race([this.#hungUp.promise, Bun.sleep(longest)]);
    this.#child.terminal!.close();
    return exitCode;
  }

  #neverShowed(text: string): Error {
    const shown = JSON.stringify(this.#screen);
    return new Error(`the terminal never showed ${JSON.stringify(text)}, but ${shown}`);
  }
}
