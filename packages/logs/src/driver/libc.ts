import { TaskIOError } from "@taskio/core";
import { type LoadedLibc, loadLibc } from "@taskio/fifo/libc";
import { FFIType } from "bun:ffi";

// Everything of the drivers that is bound to Linux' numbers goes through this file.

const { i32, u64, i64, ptr } = FFIType;

const signatures = {
  fcntl: { args: [i32, i32, i64], returns: i32 },
  ioctl: { args: [i32, u64, ptr], returns: i32 },
} as const;

const linux = {
  O_ACCMODE: 3,
  O_NONBLOCK: 0o4000,
  F_SETFD: 2,
  F_GETFL: 3,
  F_SETFL: 4,
  FD_CLOEXEC: 1,
  FIONREAD: 0x541b,
} as const;

let loaded: LoadedLibc<typeof signatures> | undefined;

function libc(): LoadedLibc<typeof signatures> {
  return (loaded ??= loadLibc(signatures, "log drivers need"));
}

/** How an fd was opened: 0 for reading, 1 for writing, 2 for both; undefined when it is not open. */
export function accessMode(fd: number): number | undefined {
  const flags = libc().fcntl(fd, linux.F_GETFL, 0);
  return flags < 0 ? undefined : flags & linux.O_ACCMODE;
}

/** Keeps an fd from the processes that this one starts. */
export function closeOnExec(fd: number): void {
  if (libc().fcntl(fd, linux.F_SETFD, linux.FD_CLOEXEC) < 0) throw failed(fd);
}

/** Has reads give what is there instead of waiting, for everybody who shares the open file. */
export function setNonBlocking(fd: number): void {
  const flags = libc().fcntl(fd, linux.F_GETFL, 0);
  if (flags < 0 || libc().fcntl(fd, linux.F_SETFL, flags | linux.O_NONBLOCK) < 0) throw failed(fd);
}

/** How many bytes wait in a pipe; 0 when it can't be told. */
export function unreadBytes(fd: number): number {
  const waiting = new Int32Array(1);
  return libc().ioctl(fd, linux.FIONREAD, waiting) === 0 ? waiting[0]! : 0;
}

/** To be called in the statement after the call. */
function failed(fd: number): TaskIOError {
  return TaskIOError.fromErrno(libc().errno(), { doing: `set up fd ${fd}`, syscall: "fcntl" });
}
