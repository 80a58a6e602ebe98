import { TaskIOError } from "@taskio/core";
import { FFIType } from "bun:ffi";
import { type LoadedLibc, loadLibc } from "@taskio/fifo/libc";

// Everything that is bound to Linux' numbers goes through this file.

const { i32, u64, ptr } = FFIType;

const signatures = {
  fcntl: { args: [i32, i32, FFIType.i64], returns: i32 },
  flock: { args: [i32, i32], returns: i32 },
  ioctl: { args: [i32, u64, ptr], returns: i32 },
  pipe2: { args: [ptr, i32], returns: i32 },
} as const;

/** The C library's functions, and the errno of the call just made. */
export type Libc = LoadedLibc<typeof signatures>;

let loaded: Libc | undefined;

/**
 * The C library of a Linux system.
 *
 * @throws TaskIOError `UNSUPPORTED` on other systems
 */
export function libc(): Libc {
  return (loaded ??= loadLibc(signatures, "taskd needs"));
}

/** Numbers of the kernel's interface, the same on every architecture that Bun runs on. */
export const linux = {
  O_CLOEXEC: 0o2000000,
  F_DUPFD_CLOEXEC: 1030,
  LOCK_EX: 2,
  LOCK_NB: 4,
  TIOCSPTLCK: 0x40045431,
  TIOCGPTN: 0x80045430,
  TIOCSWINSZ: 0x5414,
  EIO: 5,
  EAGAIN: 11,
} as const;

/** The error of the libc call just made. To be called in the very next statement. */
export function failed(doing: string, syscall: string): TaskIOError {
  return TaskIOError.fromErrno(libc().errno(), { doing, syscall });
}

/** Another fd on the same open file, closed on exec. */
export function duplicate(fd: number): number {
  const copy = libc().fcntl(fd, linux.F_DUPFD_CLOEXEC, 3);
  if (copy < 0) throw failed(`duplicate fd ${fd}`, "fcntl");
  return copy;
}

/** A pipe's read and write end, closed on exec. */
export function pipe(): [number, number] {
  const ends = new Int32Array(2);
  if (libc().pipe2(ends, linux.O_CLOEXEC) !== 0) throw failed("make a pipe", "pipe2");
  return [ends[0]!, ends[1]!];
}
