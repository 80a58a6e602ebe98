import { appendFileSync, closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { TaskIOError } from "@taskio/core";
import { boundLog } from "./bound-log.ts";
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
 * @throws TaskIOError `UNAVAILABLE` when it does not start within 15 s, with what it told its log;
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
  let started: Started | undefined;
  for (;;) {
    if (await answers(paths.socket)) return { address: paths.socket };
    signal?.throwIfAborted();
    const failure = started && failureOf(started.child);
    if (failure) throw notStarted(paths, failure, started);
    if ((!started || started.child.exitCode === 0) && isFree(paths))
      started = start(dir, paths, options);
    if (performance.now() > deadline)
      throw notStarted(paths, `no answer in ${timeout / 1000} s`, started);
    await Bun.sleep(pollPeriod);
  }
}

/** Whether no runtime runs or starts there. If so, nobody writes its log now. */
function isFree({ lock: path, log }: RuntimePaths): boolean {
  const lock = LifeLock.take(path);
  if (!lock) return false;
  boundLog(log);
  lock.letGo();
  return true;
}

/** A runtime that was started here, and how long the log was before. */
interface Started {
  readonly child: Bun.Subprocess;
  readonly logged: number;
}

function failureOf({ exitCode, signalCode }: Bun.Subprocess): string | undefined {
  if (signalCode) return `it was ended by ${signalCode}`;
  return exitCode ? `it ended with exit code ${exitCode}` : undefined;
}

function start(dir: string, { log }: RuntimePaths, options: EnsureTaskdOptions): Started {
  const { command = defaultCommand(), idleMs } = options;
  let output: number | undefined;
  try {
    output = openSync(log, "a", 0o600);
    const logged = fstatSync(output).size;
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
    return { child, logged };
  } catch (error) {
    throw TaskIOError.from(
      error,
      "UNAVAILABLE",
      `start the embedded runtime (${command.join(" ")})`,
    );
  } finally {
    if (output !== undefined) closeSync(output);
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

function notStarted({ log }: RuntimePaths, why: string, started?: Started): TaskIOError {
  const message = `the embedded runtime did not start: ${why}; ${log}: ${said(log, started)}`;
  return new TaskIOError("UNAVAILABLE", message, { path: log });
}

/** What the log was told, or why it was told nothing, as on a full disk. */
function said(log: string, { logged }: Pick<Started, "logged"> = { logged: 0 }): string {
  try {
    const text = readFileSync(log).subarray(logged).toString().trim().slice(-1024);
    if (text) return text;
    appendFileSync(log, "\n");
    return "nothing";
  } catch (error) {
    return (error as Error).message;
  }
}
