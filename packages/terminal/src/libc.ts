import { FFIType } from "bun:ffi";
import { type LoadedLibc, loadLibc } from "@taskio/fifo/libc";

// Everything that is bound to Linux goes through this file.

const { i32, u64, ptr } = FFIType;

const signatures = {
  read: { args: [i32, ptr, u64], returns: i32 },
  fcntl: { args: [i32, i32, FFIType.i64], returns: i32 },
  ioctl: { args: [i32, u64, ptr], returns: i32 },
  tcgetattr: { args: [i32, ptr], returns: i32 },
  tcsetattr: { args: [i32, i32, ptr], returns: i32 },
  cfmakeraw: { args: [ptr], returns: FFIType.void },
  tcgetpgrp: { args: [i32], returns: i32 },
  getpgrp: { args: [], returns: i32 },
  sigaction: { args: [i32, ptr, ptr], returns: i32 },
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
  return (loaded ??= loadLibc(signatures, "terminals need"));
}

/** Numbers of the kernel's interface, the same on x86-64 and arm64. */
export const linux = {
  F_DUPFD_CLOEXEC: 1030,
  TCSANOW: 0,
  TIOCGWINSZ: 0x5413,
  TIOCSWINSZ: 0x5414,
  TIOCGPTN: 0x80045430,
  TIOCGDEV: 0x80045432,
  EINTR: 4,
  EIO: 5,
  EAGAIN: 11,
} as const;
