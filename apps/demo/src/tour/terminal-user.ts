/** Somebody at a terminal on which a command runs. */
export class TerminalUser {
  readonly #child: Bun.Subprocess;
  readonly #decoder = new TextDecoder();
  #screen = "";

  constructor(command: readonly string[], env: Record<string, string | undefined>) {
    const data = (_: unknown, bytes: Uint8Array) => {
      this.#screen += this.#decoder.decode(bytes, { stream: true });
    };
    this.#child = Bun.spawn([...command], { env, terminal: { cols: 80, rows: 24, data } });
  }

  /** All that was shown. */
  get screen(): string {
    return this.#screen;
  }

  type(keys: string): void {
    this.#child.terminal!.write(keys);
  }

  /** Waits until something is shown. */
  async sees(text: string, withinMs = 10_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!this.#screen.includes(text)) {
      if (performance.now() > deadline) throw new Error(`the terminal never showed "${text}"`);
      await Bun.sleep(10);
    }
  }

  /** The command's exit code, when all that it wrote is on the screen. */
  async exited(): Promise<number> {
    const exitCode = await this.#child.exited;
    for (let seen = -1; seen !== this.#screen.length;) {
      seen = this.#screen.length;
      await Bun.sleep(20);
    }
    this.#child.terminal!.close();
    return exitCode;
  }
}
