import { closeSync, openSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { TaskIOError } from "@taskio/core";
import { defaultCommand } from "./default-command.ts";
import { LifeLock } from "./life-lock.ts";
import { makeRuntimeDir, runtimeDir, runtimePaths, type RuntimePaths } from "./runtime-dir.ts";

/** Options of {@link ensureTaskd}. */
export interface EnsureTaskdOptions {
  /** The runtime's folder; see `runtimeDir`. */
  readonly dir?: string;
  /** What starts the runtime: this package's own program, or a compiled program with `__taskd`. */
  readonly command?: readonly string[];
  /** For one that is started now: when it stops by itself, in ms. A minute if not given. */
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
}

/** Where the runtime is. */
export interface TaskdAddress {
  /** The absolute path of its Unix socket: what a client of containerd takes as its address. */
  readonly address: string;
}

const pollPeriod = 10;
const timeout = 15_000;
const answerTimeout = 5_000;

/**
 * Gives the user's embedded runtime, and starts it where it isn't running. It lives on after this
 * process. However many ask at once, in however many processes, there is one.
 *
 * @throws TaskIOError `UNAVAILABLE` when it does not start within 15 s, with the end of its log;
 * `PERMISSION`, `INVALID_ARGUMENT`, `UNSUPPORTED`; what the signal was aborted with
 *
 * @example
 * ```ts
 * import { ensureTaskd } from "@taskio/taskd";
 *
 * const { address } = await ensureTaskd({ dir: "/tmp/taskio-example", idleMs: 1000 });
 * console.log(address); // /tmp/taskio-example/taskd.sock
 * ```
 */
export async function ensureTaskd(options: EnsureTaskdOptions = {}): Promise<TaskdAddress> {
  const { signal } = options;
  signal?.throwIfAborted();
  const dir = runtimeDir(options.dir);
  const paths = runtimePaths(dir);
  makeRuntimeDir(dir);
  const deadline = performance.now() + timeout;
  let child: Bun.Subprocess | undefined;
  for (;;) {
    if (await answers(paths.socket)) return { address: paths.socket };
    signal?.throwIfAborted();
    if (child?.exitCode || child?.signalCode) throw notStarted(paths, "it failed");
    if ((!child || child.exitCode === 0) && isFree(paths.lock)) child = start(dir, paths, options);
    if (performance.now() > deadline) throw notStarted(paths, `no answer in ${timeout / 1000} s`);
    await Bun.sleep(pollPeriod);
  }
}

/** Whether no runtime runs or starts there. */
function isFree(path: string): boolean {
  const lock = LifeLock.take(path);
  lock?.letGo();
  return lock !== undefined;
}

function start(dir: string, { log }: RuntimePaths, options: EnsureTaskdOptions): Bun.Subprocess {
  const { command = defaultCommand(), idleMs } = options;
  const output = openSync(log, "a", 0o600);
  try {
    const child = Bun.spawn([...command], {
      cwd: dir,
      detached: true,
      env: {
        ...process.env,
        TASKIO_RUNTIME_DIR: dir,
        ...(idleMs !== undefined && { TASKIO_TASKD_IDLE_MS: String(idleMs) }),
      },
      stdio: ["ignore", output, output],
    });
    child.unref();
    return child;
  } catch (error) {
    throw TaskIOError.from(
      error,
      "UNAVAILABLE",
      `start the embedded runtime (${command.join(" ")})`,
    );
  } finally {
    closeSync(output);
  }
}

/** A connection alone says too little: the kernel takes it for a runtime that is about to end. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    const end = (answered: boolean) => {
      resolve(answered);
      connection.destroy();
    };
    connection.setTimeout(answerTimeout, () => end(false));
    connection.once("data", () => end(true)); // an HTTP/2 server speaks first
    connection.on("error", () => end(false));
    connection.on("close", () => end(false));
  });
}

function notStarted({ log }: RuntimePaths, why: string): TaskIOError {
  const tail = readFileSync(log, "utf8").slice(-1024).trim();
  return new TaskIOError(
    "UNAVAILABLE",
    `the embedded runtime did not start: ${why}; ${log}: ${tail}`,
    {
      path: log,
    },
  );
}
