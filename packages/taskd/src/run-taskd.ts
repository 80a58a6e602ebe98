import { chmodSync, existsSync, renameSync, rmSync } from "node:fs";
import type { Http2Server } from "node:http2";
import { TaskIOError } from "@taskio/core";
import { IdleWatch } from "./idle-watch.ts";
import { LifeLock } from "./life-lock.ts";
import { pruneExecs } from "./prune-execs.ts";
import { report, reportInto } from "./report.ts";
import type { Runtime } from "./runtime.ts";
import { makeRuntimeDir, runtimeDir, runtimePaths, type RuntimePaths } from "./runtime-dir.ts";
import { removeEmptyFolders } from "./state/remove-empty-folders.ts";

/** Options of {@link runTaskd}. */
export interface TaskdOptions {
  /** Its folder; see `runtimeDir`. */
  readonly dir?: string;
  /**
   * It stops when it has had no task and no client for so long, in ms: `$TASKIO_TASKD_IDLE_MS`, else
   * a minute.
   */
  readonly idleMs?: number;
  /**
   * An exec that nobody deletes is forgotten so long after its end, in ms:
   * `$TASKIO_TASKD_EXEC_GRACE_MS`, else 5 minutes.
   */
  readonly execGraceMs?: number;
}

const defaultIdleMs = 60_000;
const defaultExecGraceMs = 300_000;
/** A container's; that of whoever happens to start the runtime first would be every task's. */
const umask = 0o022;
/** How long a client that connects at the last moment has to be seen, in ms. */
const lastCall = 30;

/**
 * Runs the embedded runtime in this process, and ends the process with it: when it was idle for long
 * enough, or by SIGTERM or SIGINT. Its tasks go on then, but for those with a terminal, and the next
 * runtime takes them over. Settles at once, and ends nothing, when another process runs it already.
 *
 * A program that is compiled calls this when it was started with the argument `__taskd`.
 *
 * @returns whether it runs; false when another process has the folder
 * @throws TaskIOError `PERMISSION`, `INVALID_ARGUMENT`, `UNSUPPORTED`
 *
 * @example
 * ```ts
 * import { runTaskd } from "@taskio/taskd";
 *
 * await runTaskd({ dir: "/tmp/taskio-example", idleMs: 100 }); // ends by itself: nobody comes
 * ```
 */
export async function runTaskd(options: TaskdOptions = {}): Promise<boolean> {
  const idleMs = options.idleMs ?? envMs("TASKIO_TASKD_IDLE_MS", defaultIdleMs);
  const execGraceMs =
    options.execGraceMs ?? envMs("TASKIO_TASKD_EXEC_GRACE_MS", defaultExecGraceMs);
  process.umask(umask);
  const dir = runtimeDir(options.dir);
  const paths = runtimePaths(dir);
  makeRuntimeDir(dir);
  const lock = LifeLock.take(paths.lock);
  if (!lock) return false;
  // What a client needs of this package must not load the whole server.
  const [{ Runtime }, { createRuntimeServer }] = await Promise.all([
    import("./runtime.ts"),
    import("./serve.ts"),
  ]);
  reportInto(paths.log);
  const runtime = await Runtime.load(paths, report);
  const server = createRuntimeServer(runtime);
  await listen(server, paths.socket);
  surviveErrors();
  console.log(`taskd ${process.pid} listens on ${paths.socket}`);
  const stop = (why: string) => {
    console.log(`taskd ${process.pid} stops: ${why}`);
    rmSync(paths.socket, { force: true });
    lock.release();
    process.exit(0);
  };
  pruneExecs(runtime.tasks, execGraceMs);
  stopBySignal(runtime, stop);
  stopWhenIdle(server, runtime, paths, idleMs, stop);
  return true;
}

/** Tasks of others depend on this process: an error that nobody caught is told by the log. */
function surviveErrors(): void {
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}

async function listen(server: Http2Server, socket: string): Promise<void> {
  rmSync(socket, { force: true }); // the lock is ours: whoever listened there is gone
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(socket, resolve);
  await promise;
  server.off("error", reject);
  server.on("error", report);
  chmodSync(socket, 0o600);
}

function stopBySignal(runtime: Runtime, stop: (why: string) => void): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      const running = runtime.tasks.list().filter((task) => task.isRunning);
      stop(`${signal}, ${running.length} tasks go on without it`);
    });
  }
}

/** The socket is moved away first: who connects before that is served, who comes later starts anew. */
function stopWhenIdle(
  server: Http2Server,
  runtime: Runtime,
  { fifo, socket }: RuntimePaths,
  idleMs: number,
  stop: (why: string) => void,
): void {
  let leaving = false;
  const watch = new IdleWatch(
    server,
    () => !runtime.tasks.empty,
    idleMs,
    async () => {
      if (leaving) return;
      leaving = true;
      const aside = `${socket}.idle`;
      if (!existsSync(socket)) return stop("idle, and its socket was removed: nobody can come");
      renameSync(socket, aside);
      await Bun.sleep(lastCall);
      if (watch.busy) renameSync(aside, socket);
      else {
        rmSync(aside, { force: true });
        removeEmptyFolders(fifo, fifo); // not before: a client that is here may be about to use it
        stop("idle");
      }
      leaving = false;
    },
  );
}

function envMs(name: string, otherwise: number): number {
  const text = process.env[name];
  if (!text) return otherwise;
  const ms = Number(text);
  if (ms >= 0) return ms;
  throw new TaskIOError("INVALID_ARGUMENT", `${name} is "${text}": give milliseconds`);
}
