import { TaskIOError } from "@taskio/core";
import { type LoadedLibc, loadLibc } from "@taskio/fifo/libc";
import { FFIType } from "bun:ffi";

const { i32 } = FFIType;
const signatures = { flock: { args: [i32, i32], returns: i32 } } as const;

const LOCK_EX = 2;
const LOCK_NB = 4;

/** How long to wait for one that only starts a hub, in ms: it may have been stopped just then. */
const patience = 2000;
const pause = 5;

let libc: LoadedLibc<typeof signatures> | undefined;

/**
 * Locks a folder, by an advisory `flock(2)` that goes with the fd.
 *
 * @throws TaskIOError `IN_USE`; the signal's reason
 */
export async function lockFolder(fd: number, path: string, signal?: AbortSignal): Promise<void> {
  libc ??= loadLibc(signatures, "hubs need");
  const deadline = performance.now() + patience;
  while (libc.flock(fd, LOCK_EX | LOCK_NB) !== 0) {
    const doing = `lock the folder "${path}"`;
    const error = TaskIOError.fromErrno(libc.errno(), { doing, syscall: "flock", path });
    if (error.errno !== "EAGAIN") throw error;
    if (performance.now() > deadline) throw busy(path, error);
    await Bun.sleep(pause);
    signal?.throwIfAborted();
  }
}

function busy(path: string, cause: TaskIOError): TaskIOError {
  return new TaskIOError("IN_USE", `another process has locked "${path}": try again`, {
    errno: "EAGAIN",
    syscall: "flock",
    path,
    cause,
  });
}
