import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TaskIOError } from "@taskio/core";

/** What {@link runtimeDir} looks at beside its option. */
export interface RuntimeDirSources {
  readonly uid?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The folder of the user's embedded runtime, which holds its socket, lock, log and state: the option,
 * else `$TASKIO_RUNTIME_DIR`, else `/run/taskio` for root and `$XDG_RUNTIME_DIR/taskio` for others,
 * else a folder of the user's own under the temp folder. Nothing is made here.
 *
 * @example
 * ```ts
 * import { runtimeDir } from "@taskio/taskd";
 *
 * console.log(runtimeDir("/tmp/mine")); // /tmp/mine
 * ```
 */
export function runtimeDir(dir?: string, sources: RuntimeDirSources = {}): string {
  const { uid = process.geteuid!(), env = process.env } = sources;
  const given = dir || env.TASKIO_RUNTIME_DIR;
  if (given) return resolve(given);
  if (uid === 0) return "/run/taskio";
  if (env.XDG_RUNTIME_DIR) return join(env.XDG_RUNTIME_DIR, "taskio");
  return join(env.TMPDIR || tmpdir(), `taskio-${uid}`);
}

/**
 * Makes the folder with mode 0700 where it isn't there. In a folder that all can write to, a name can
 * be taken by somebody else first: that is refused.
 *
 * @throws TaskIOError `PERMISSION` when it is somebody else's, open to others, or no folder
 */
export function makeRuntimeDir(path: string): void {
  const uid = process.geteuid!();
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw TaskIOError.from(error, "PERMISSION", `make the runtime folder "${path}"`);
  }
  const stats = lstatSync(path);
  if (stats.isDirectory() && stats.uid === uid && (stats.mode & 0o077) === 0) return;
  throw new TaskIOError(
    "PERMISSION",
    `"${path}" is not a folder of your own with mode 0700: remove it, or set TASKIO_RUNTIME_DIR`,
    { path },
  );
}

/** The files in a runtime folder. */
export interface RuntimePaths {
  readonly socket: string;
  readonly lock: string;
  readonly log: string;
  readonly state: string;
  /** Where clients make the FIFOs of tasks. */
  readonly fifo: string;
}

/** Bytes that a Unix socket's path may have. */
const maxSocketPath = 107;

/** @throws TaskIOError `INVALID_ARGUMENT` when the socket's path would be too long for the kernel */
export function runtimePaths(dir: string): RuntimePaths {
  const socket = join(dir, "taskd.sock");
  if (Buffer.byteLength(socket) > maxSocketPath) {
    throw new TaskIOError(
      "INVALID_ARGUMENT",
      `the socket path "${socket}" is longer than ${maxSocketPath} bytes: set a shorter TASKIO_RUNTIME_DIR`,
      { path: socket },
    );
  }
  return {
    socket,
    lock: join(dir, "taskd.lock"),
    log: join(dir, "taskd.log"),
    state: join(dir, "state"),
    fifo: join(dir, "fifo"),
  };
}
