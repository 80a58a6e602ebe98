import { type LoadedLibc, loadLibc } from "@taskio/fifo/libc";
import { FFIType } from "bun:ffi";
import { closeSync, constants, openSync } from "node:fs";

const { i32, u64, ptr } = FFIType;
const FIONREAD = 0x541b;
const POLLERR = 0x8;
const POLLHUP = 0x10;

const signatures = {
  ioctl: { args: [i32, u64, ptr], returns: i32 },
  poll: { args: [ptr, u64, i32], returns: i32 },
} as const;

let loaded: LoadedLibc<typeof signatures> | undefined;
const libc = () => (loaded ??= loadLibc(signatures, "taskio needs"));

/** Whether a pipe's or socket's other end is gone. */
export function hasNoReader(fd: number): boolean {
  const pollfd = new Int32Array([fd, 0]); // int fd; short events, revents
  if (libc().poll(pollfd, 1, 0) <= 0) return false;
  return ((pollfd[1]! >> 16) & (POLLERR | POLLHUP)) !== 0;
}

/**
 * How many bytes wait in a FIFO that we are the reader of: another read end, for a moment, wakes nobody
 * and takes nothing. The holders' `unreadBytes`, which opens none, copies an fd: Linux before 5.6 and the
 * seccomp filters of containers refuse that, and 0 would lose here what waits.
 */
export function waitingBytes(path: string): number {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const count = new Int32Array(1);
    return libc().ioctl(fd, FIONREAD, count) === 0 ? count[0]! : 0;
  } finally {
    closeSync(fd);
  }
}
