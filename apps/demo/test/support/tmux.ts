import { $ } from "bun";
import { join } from "node:path";
import { until } from "@taskio/test-support";

/** A tmux server of our own with one window, and its screen. */
export class Tmux implements AsyncDisposable {
  readonly #socket: string;
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(dir: string, env: Readonly<Record<string, string | undefined>>) {
    this.#socket = join(dir, "tmux.sock");
    this.#env = { ...env, TMUX: "", PS1: "outer> ", LC_ALL: "C.UTF-8", SHELL: "/bin/sh" };
  }

  /** Why there is no tmux to test with. */
  static missing(): string | undefined {
    return Bun.which("tmux") ? undefined : "tmux is not installed";
  }

  async start(command: readonly string[], columns: number, rows: number): Promise<void> {
    const size = ["-x", String(columns), "-y", String(rows)];
    await this.#tmux("-f", "/dev/null", "new-session", "-d", ...size, ...command);
  }

  /** Types text, or keys by tmux's names. */
  async type(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** The screen as it is seen, without blanks at the ends. */
  async screen(): Promise<string> {
    const text = await this.#tmux("capture-pane", "-p");
    return text.replace(/[ \t]+$/gm, "").trimEnd();
  }

  /** Waits until the screen is as it should be, and gives it. */
  async shows(what: RegExp | ((screen: string) => boolean)): Promise<string> {
    let screen = "";
    const matches = typeof what === "function" ? what : (text: string) => what.test(text);
    try {
      await until(async () => matches((screen = await this.screen())));
    } catch {
      throw new Error(`the screen never matched ${what}; it is:\n${screen}`);
    }
    return screen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server").catch(() => {});
  }

  #tmux(...args: string[]): Promise<string> {
    return $`tmux -S ${this.#socket} ${args}`
      .env({ ...this.#env })
      .quiet()
      .text();
  }
}
