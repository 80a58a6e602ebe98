import { closeSync, fstatSync, openSync, type Stats } from "node:fs";
import { isatty } from "node:tty";
import type { StreamName } from "@taskio/core";
import { TaskIOError } from "@taskio/core";
import { duplicate } from "./duplicate.ts";
import { libc, linux } from "./libc.ts";
import {
  INBOUND,
  RECV_WRITE,
  SPLICE,
  TEE_SEND,
  TEE_WRITE,
  TELLS,
  ZERO_ENDS,
} from "./reactor/layout.ts";

/** A caller's fd, made ready for the reactor: an fd of our own on the same file. */
export interface FdEnd {
  readonly fd: number;
  /** How bytes are moved to or from it: a kind of the reactor with its flags. */
  readonly kind: number;
  readonly stats: Stats;
  /** The system call that moves its bytes, for errors. */
  readonly syscall: string;
  /** Closes our fd; the caller's stays as it is. */
  release(): void;
}

/** The device number of /dev/null: 1, 3. */
const devNull = 0x103;

/**
 * A caller's fd as a sink.
 *
 * @throws TaskIOError `INVALID_ARGUMENT` when it is closed, not open for writing, or a folder;
 * `PERMISSION` for somebody else's terminal
 */
export function openFdSink(fd: number, name: StreamName): FdEnd {
  const { flags, stats } = inspect(fd, name, linux.O_WRONLY);
  const ours = openOurs(fd, name, linux.O_WRONLY, flags);
  if (stats.isSocket()) return fdEnd(ours, TEE_SEND, stats, "send");
  const append = stats.isFile() && (flags & linux.O_APPEND) !== 0;
  if (append) return fdEnd(ours, TEE_WRITE, stats, "write");
  const tells = stats.isFIFO() || (stats.isCharacterDevice() && stats.rdev === devNull);
  return fdEnd(ours, tells ? SPLICE | TELLS : SPLICE, stats, "splice");
}

/**
 * A caller's fd as a source.
 *
 * @throws TaskIOError `INVALID_ARGUMENT` when it is closed, not open for reading, a folder, or a socket
 * that is no stream; `PERMISSION` for somebody else's terminal
 */
export function openFdSource(fd: number, name: StreamName): FdEnd {
  const { flags, stats } = inspect(fd, name, linux.O_RDONLY);
  if (stats.isSocket() && !isStreamSocket(fd)) {
    throw invalidFd(fd, name, "is a socket of packets, which stdin has not"); // half of one would be lost
  }
  const ours = openOurs(fd, name, linux.O_RDONLY, flags);
  if (stats.isSocket()) return fdEnd(ours, RECV_WRITE | ZERO_ENDS | INBOUND, stats, "recv");
  return fdEnd(ours, SPLICE | INBOUND | (stats.isFIFO() ? TELLS : ZERO_ENDS), stats, "splice");
}

function fdEnd(fd: number, kind: number, stats: Stats, syscall: string): FdEnd {
  return { fd, kind, stats, syscall, release: () => closeSync(fd) };
}

/** An fd of our own, that stays open and as it is whatever the caller does with theirs. */
function openOurs(fd: number, name: StreamName, access: number, flags: number): number {
  if (!isatty(fd)) return duplicate(fd);
  if (!isTerminalMaster(fd)) return reopenTerminal(fd, name, access);
  if ((flags & linux.O_NONBLOCK) !== 0) return duplicate(fd);
  throw invalidFd(fd, name, "is a blocking pty master: open it with O_NONBLOCK");
}

function inspect(fd: number, name: StreamName, access: number): { flags: number; stats: Stats } {
  const flags = libc().fcntl(fd, linux.F_GETFL, 0);
  if (flags < 0) throw invalidFd(fd, name, "is not open");
  const mode = flags & linux.O_ACCMODE;
  if ((mode !== access && mode !== linux.O_RDWR) || (flags & linux.O_PATH) !== 0) {
    throw invalidFd(
      fd,
      name,
      `is not open for ${access === linux.O_WRONLY ? "writing" : "reading"}`,
    );
  }
  const stats = fstatSync(fd);
  if (stats.isDirectory()) throw invalidFd(fd, name, "is a folder");
  return { flags, stats };
}

function isStreamSocket(fd: number): boolean {
  const type = new Int32Array(1);
  const size = new Uint32Array([type.byteLength]);
  const failed = libc().getsockopt(fd, linux.SOL_SOCKET, linux.SO_TYPE, type, size) !== 0;
  return failed || type[0] === linux.SOCK_STREAM;
}

/** Opening a master anew would make another terminal. */
function isTerminalMaster(fd: number): boolean {
  return libc().ioctl(fd, linux.TIOCGPTN, new Int32Array(1)) === 0;
}

/**
 * A terminal as an open file of our own: splice would wait on a blocking one, and O_NONBLOCK set on
 * the caller's would be set for every process that shares it.
 */
function reopenTerminal(fd: number, name: StreamName, access: number): number {
  const flags = access | linux.O_NONBLOCK | linux.O_NOCTTY;
  const failures: unknown[] = [];
  for (const path of [`/proc/self/fd/${fd}`, "/dev/tty"]) {
    try {
      const opened = openSync(path, flags);
      if (path !== "/dev/tty" || isSameTerminal(opened, fd)) return opened;
      closeSync(opened);
    } catch (error) {
      failures.push(error);
    }
  }
  throw new TaskIOError(
    "PERMISSION",
    `the terminal at fd ${fd} (${name}) belongs to another user: give a pipe or a function instead`,
    { cause: new AggregateError(failures), path: `/proc/self/fd/${fd}` },
  );
}

/** Whether two fds are the same terminal; /dev/tty has a device number of its own, so ask for it. */
function isSameTerminal(a: number, b: number): boolean {
  return terminalDevice(a) === terminalDevice(b);
}

function terminalDevice(fd: number): number {
  const device = new Uint32Array(1);
  return libc().ioctl(fd, linux.TIOCGDEV, device) === 0 ? device[0]! : -fd;
}

function invalidFd(fd: number, name: StreamName, why: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", `fd ${fd} given for ${name} ${why}`);
}
