import type { Config } from "@taskio/core";
import { constants } from "node:os";
import { StdioEnds } from "./stdio-ends.ts";

/** What {@link spawnTask} takes besides the streams and the command. */
export interface SpawnTaskOptions {
  /** The process's environment; that of this process by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The process's working folder; that of this process by default. */
  readonly cwd?: string;
  /** Keeps the holds after the process's exit, until {@link Task.release}. Default: false. */
  readonly hold?: boolean;
}

/** A process that runs on the streams of a Config: see {@link spawnTask}. */
export interface Task extends AsyncDisposable {
  /** The process's id, which is its process group's id too. */
  readonly pid: number;
  /** The exit code, or 128 + the signal's number. Settles when the process has ended. */
  readonly exited: Promise<number>;
  /** Drops the hold on stdin: the process sees EOF once every client's writer is closed too. */
  closeIO(): void;
  /** Sends a signal to the process. Default: `SIGTERM`. Does nothing once it has ended. */
  kill(signal?: NodeJS.Signals): void;
  /**
   * Drops all holds: readers see EOF once nothing that the process started has the stream open, and
   * what no reader has open is lost, as after a shim's `Delete`.
   */
  release(): void;
  /** Kills the process's group if it still runs, waits for its exit, and releases. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Runs a real process on the streams of a Config, as containerd's runc shim does (its
 * `process/io.go`): a stand-in for a runtime in the tests of a backend.
 *
 * - Both ends of stdout and stderr are held open, and a writing end of stdin: a client that leaves
 *   gives the process neither EPIPE nor EOF, and what it did not take stays in the FIFO.
 * - Unlike a shim it doesn't wait for the client's readers, and it has no terminal: with
 *   `config.terminal` the process's stderr goes to stdout.
 * - `""` and `/dev/null` are `/dev/null`. A path that is no FIFO is appended to. `file:///p` is made
 *   where missing, appended to, and takes stderr as well. Other schemes are refused.
 *
 * @param command the program and its arguments, found by `$PATH`
 * @throws TaskIOError `NOT_FOUND`, `PERMISSION`, … for a path, `INVALID_CONFIG` for another scheme;
 *   Bun's error where there is no such program. Nothing stays open then.
 *
 * @example
 * ```ts
 * import { withStreams } from "@taskio/core";
 * import { newCreator } from "@taskio/fifo";
 * import { spawnTask } from "@taskio/testkit";
 *
 * const create = newCreator(withStreams(undefined, 1, 2));
 * await using io = await create("task-1");
 * await using task = spawnTask(io.config, ["echo", "hello"]);
 * await io.wait(); // hello
 * console.log(await task.exited); // 0
 * ```
 */
export function spawnTask(
  config: Config,
  command: readonly string[],
  options: SpawnTaskOptions = {},
): Task {
  return new SpawnedTask(config, command, options);
}

class SpawnedTask implements Task {
  readonly pid: number;
  readonly exited: Promise<number>;
  readonly #ends: StdioEnds;
  readonly #process: Bun.Subprocess;

  constructor(config: Config, command: readonly string[], options: SpawnTaskOptions) {
    const ends = new StdioEnds(config);
    try {
      this.#process = Bun.spawn([...command], {
        stdio: ends.stdio,
        detached: true, // a process group of its own, so that dispose ends what it started too
        ...(options.env && { env: { ...options.env } }),
        ...(options.cwd !== undefined && { cwd: options.cwd }),
      });
    } catch (error) {
      ends.release();
      throw error;
    } finally {
      ends.closeChildEnds();
    }
    this.#ends = ends;
    this.pid = this.#process.pid;
    this.exited = this.#exit(options.hold ?? false);
  }

  closeIO(): void {
    this.#ends.closeStdin();
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#process.kill(signal);
  }

  release(): void {
    this.#ends.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    killGroup(this.pid);
    await this.exited;
    this.release();
  }

  async #exit(hold: boolean): Promise<number> {
    const code = await this.#process.exited;
    const signal = this.#process.signalCode;
    if (!hold) this.release();
    if (signal === null) return code;
    return 128 + (typeof signal === "number" ? signal : constants.signals[signal]);
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
