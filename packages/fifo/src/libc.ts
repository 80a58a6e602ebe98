import { FFIType } from "bun:ffi";
import { type LoadedLibc, loadLibc } from "./load-libc.ts";

// Everything that is bound to Linux goes through this file.

const { i32, u32, u64, ptr } = FFIType;

const signatures = {
  open: { args: [ptr, i32, i32], returns: i32 },
  close: { args: [i32], returns: i32 },
  read: { args: [i32, ptr, u64], returns: i32 },
  write: { args: [i32, ptr, u64], returns: i32 },
  tee: { args: [i32, i32, u64, u32], returns: i32 },
  poll: { args: [ptr, u64, i32], returns: i32 },
  fcntl: { args: [i32, i32, FFIType.i64], returns: i32 },
  ioctl: { args: [i32, u64, ptr], returns: i32 },
  flock: { args: [i32, i32], returns: i32 },
  socket: { args: [i32, i32, i32], returns: i32 },
  connect: { args: [i32, ptr, u32], returns: i32 },
  getsockopt: { args: [i32, i32, i32, ptr, ptr], returns: i32 },
  pipe2: { args: [ptr, i32], returns: i32 },
  mkfifo: { args: [ptr, u32], returns: i32 },
  syscall: { args: [FFIType.i64, i32, i32, u32], returns: i32 },
  epoll_create1: { args: [i32], returns: i32 },
  epoll_ctl: { args: [i32, i32, i32, ptr], returns: i32 },
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
  return (loaded ??= loadLibc(signatures, "FIFO streams need"));
}

/** Numbers of the kernel's interface, the same on every architecture that Bun runs on. */
export const linux = {
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_ACCMODE: 3,
  O_APPEND: 0o2000,
  O_NONBLOCK: 0o4000,
  O_NOCTTY: 0o400,
  O_PATH: 0o10000000,
  O_CLOEXEC: 0o2000000,
  F_GETFL: 3,
  F_DUPFD_CLOEXEC: 1030,
  F_SETPIPE_SZ: 1031,
  F_GETPIPE_SZ: 1032,
  FIONREAD: 0x541b,
  SYS_pidfd_open: 434,
  SYS_pidfd_getfd: 438,
  LOCK_EX: 2,
  LOCK_NB: 4,
  POLLIN: 1,
  POLLOUT: 4,
  POLLHUP: 16,
  SPLICE_F_NONBLOCK: 2,
  EPOLL_CTL_ADD: 1,
  EPOLL_CTL_DEL: 2,
  EPOLL_CTL_MOD: 3,
  EPOLLIN: 1,
  EPOLLOUT: 4,
  EPOLLONESHOT: 1 << 30,
  EPOLLET: 1 << 31,
  TIOCGDEV: 0x80045432,
  TIOCGPTN: 0x80045430,
  AF_UNIX: 1,
  SOL_SOCKET: 1,
  SO_TYPE: 3,
  SOCK_STREAM: 1,
  EPERM: 1,
  EINTR: 4,
  ENXIO: 6,
  EAGAIN: 11,
  EINVAL: 22,
  EPIPE: 32,
  ECONNREFUSED: 111,
} as const;

/** A path as C takes it. */
export function cString(path: string): Uint8Array {
  return Buffer.from(`${path}\0`);
}
