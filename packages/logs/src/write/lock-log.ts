import { TaskIOError } from "@taskio/core";
import { FFIType } from "bun:ffi";
import { type LoadedLibc, loadLibc } from "@taskio/fifo/libc";

const { i32 } = FFIType;
const signatures = { flock: { args: [i32, i32], returns: i32 } } as const;

const LOCK_EX = 2;
const LOCK_NB = 4;

let libc: LoadedLibc<typeof signatures> | undefined;

/**
 * Makes an fd the one writer of its file, by an advisory `flock(2)` that goes with the fd: a killed
 * process frees it.
 *
 * @throws TaskIOError `IN_USE`
 */
export function lockLog(fd: number, path: string): void {
  libc ??= loadLibc(signatures, "log writers need");
  if (libc.flock(fd, LOCK_EX | LOCK_NB) === 0) return;
  const error = TaskIOError.fromErrno(libc.errno(), {
    doing: `lock the log "${path}"`,
    syscall: "flock",
    path,
  });
  if (error.errno !== "EAGAIN") throw error;
  throw new TaskIOError(
    "IN_USE",
    `"${path}" is being written by another writer: close that first`,
    {
      errno: "EAGAIN",
      syscall: "flock",
      path,
      cause: error,
    },
  );
}
