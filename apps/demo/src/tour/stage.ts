import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TerminalUser } from "./terminal-user.ts";

/** What a command that has ended gave. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const taskio = [process.execPath, fileURLToPath(new URL("../main.ts", import.meta.url))];
/** How long the runtime stays without a task and a client, in ms. */
const idleTime = 300;

/** A runtime folder of our own, and the command on it. */
export class Stage implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), "taskio-tour-"));
  readonly #env: Record<string, string | undefined>;

  constructor() {
    const { CONTAINERD_ADDRESS: _, CONTAINERD_NAMESPACE: __, ...env } = process.env;
    this.#env = {
      ...env,
      TASKIO_RUNTIME_DIR: this.dir,
      TASKIO_TASKD_IDLE_MS: String(idleTime),
      TERM: "xterm",
    };
  }

  /** Runs `taskio` without a terminal. */
  async run(...args: string[]): Promise<Ended> {
    const child = Bun.spawn([...taskio, ...args], {
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr, exitCode] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    return { exitCode, stdout, stderr };
  }

  /** Runs `taskio` on a terminal, with somebody who types. */
  onTerminal(...args: string[]): TerminalUser {
    return new TerminalUser([...taskio, ...args], this.#env);
  }

  /** The process of the runtime. */
  async runtimePid(): Promise<number> {
    const { stdout } = await this.run("info", "--json");
    return (JSON.parse(stdout) as { pid: number }).pid;
  }

  /** Sockets and FIFOs in the folder. */
  leftovers(): string[] {
    if (!existsSync(this.dir)) return [];
    return readdirSync(this.dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFIFO() || entry.isSocket())
      .map((entry) => entry.name);
  }

  /** Ends all tasks, as after a tour that failed, and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.leftovers().length > 0) {
      const { stdout } = await this.run("ls", "--json");
      for (const { id } of JSON.parse(stdout || "[]") as { id: string }[]) {
        await this.run("rm", "-f", id);
      }
      process.kill(await this.runtimePid());
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}
