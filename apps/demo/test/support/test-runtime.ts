import { expect } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ListedTask } from "../../src/actions/ls.ts";
import { PtyCommand, until } from "@taskio/test-support";

/** What a command that has ended gave. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to call the command. */
export interface CallOptions {
  readonly stdin?: string | "inherit" | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const { TASKIO_TEST_COMMAND: binary } = process.env;

/** The command: from its source, or the binary that was built of it. */
export const command: readonly string[] = binary
  ? [binary]
  : [process.execPath, fileURLToPath(new URL("../../src/main.ts", import.meta.url))];

/** Waits for the end of a command. */
export async function endOf(child: Bun.Subprocess<any, "pipe", "pipe">): Promise<Ended> {
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}

const partOfTask = /^output\.log|^hub\.log$|-hub\.sock$/;

/** The command on a runtime folder of its own. At the end nothing of it may be left. */
export class TestRuntime implements AsyncDisposable {
  readonly dir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly command: readonly string[];
  readonly #shared: boolean;

  /**
   * @param dir of another one, which ends it
   * @param more variables for the command, such as the address of another runtime
   */
  constructor(
    itsCommand: readonly string[] = command,
    dir?: string,
    more: Readonly<Record<string, string>> = {},
  ) {
    this.#shared = dir !== undefined;
    this.dir = dir ?? mkdtempSync(join(tmpdir(), "taskio-test-"));
    this.command = itsCommand;
    const { CONTAINERD_ADDRESS: _, CONTAINERD_NAMESPACE: __, ...env } = process.env;
    this.env = {
      ...env,
      TASKIO_RUNTIME_DIR: this.dir,
      TASKIO_TASKD_IDLE_MS: "60000",
      TERM: "xterm",
      NO_COLOR: "",
      ...more,
    };
  }

  /** Runs `taskio` to its end. */
  run(args: readonly string[], options: CallOptions = {}): Promise<Ended> {
    return endOf(this.spawn(args, options));
  }

  /** Runs what has to end well, and gives its output. */
  async ok(...args: string[]): Promise<string> {
    const ended = await this.run(args);
    expect(ended).toMatchObject({ exitCode: 0 });
    return ended.stdout;
  }

  /** Starts `taskio` without a terminal. */
  spawn(args: readonly string[], { stdin, env, cwd }: CallOptions = {}) {
    return Bun.spawn([...this.command, ...args], {
      env: { ...this.env, ...env },
      ...(cwd && { cwd }),
      stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
      stdout: "pipe",
      stderr: "pipe",
    });
  }

  /** Starts `taskio` on a terminal. */
  onTerminal(...args: string[]): PtyCommand {
    return new PtyCommand([...this.command, ...args], this.env);
  }

  /** The tasks, as `ls --json` has them. */
  async list(): Promise<ListedTask[]> {
    return JSON.parse(await this.ok("ls", "--json")) as ListedTask[];
  }

  /** Waits until a task is in a state. */
  async untilState(id: string, state: ListedTask["state"]): Promise<void> {
    await until(async () => (await this.list()).find((task) => task.id === id)?.state === state);
  }

  /** Waits until the hub of a task is as `ls` has it. */
  async untilHub(id: string, hub: ListedTask["hub"]): Promise<void> {
    const isSo = async () => (await this.list()).find((task) => task.id === id)?.hub === hub;
    await until(isSo, `the hub of "${id}" is ${hub}`);
  }

  /** FIFOs, sockets of hubs and other files of tasks in the folder. */
  leftovers(): string[] {
    return readdirSync(this.dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFIFO() || partOfTask.test(entry.name))
      .map((entry) => entry.name);
  }

  /** The processes that are hubs of tasks of it, or of the runtime that its commands talk to. */
  hubs(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && isHubIn(this.dir, name))
      .map(Number);
  }

  /** Removes all tasks, checks that nothing is left of them, and ends the runtime. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#shared) return;
    try {
      if (existsSync(join(this.dir, "taskd.sock"))) await this.#end();
      await until(() => this.hubs().length === 0, "all hubs have ended");
    } finally {
      for (const pid of this.hubs()) process.kill(pid, "SIGKILL");
      rmSync(this.dir, { recursive: true, force: true });
    }
  }

  async #end(): Promise<void> {
    const tasks = await this.list();
    await Promise.all(tasks.map(({ id }) => this.run(["rm", "-f", id])));
    const { pid } = JSON.parse(await this.ok("info", "--json")) as { pid: number };
    process.kill(pid, "SIGTERM");
    await until(() => !isAlive(pid));
    expect(this.leftovers()).toEqual([]);
  }
}

function isHubIn(dir: string, pid: string): boolean {
  try {
    const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, "utf8").split("\0");
    return (
      read("cmdline").includes("__hub") && read("environ").includes(`TASKIO_RUNTIME_DIR=${dir}`)
    );
  } catch {
    return false; // it has ended, or is not ours
  }
}

/** Whether there is such a process. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
