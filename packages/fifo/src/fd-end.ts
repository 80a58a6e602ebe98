import { closeSync, fstatSync, openSync, type Stats } from "node:fs";
import { isatty } from "node:tty";
import type { StreamName } from "@taskio/core";
import { TaskIOError } from "@taskio/core";
import { duplicate } from "./duplicate.ts";
import { libc, linux } from "./libc.ts";
import { INBOUND, RECV_WRITE, SPLICE, TEE_SEND, TEE_WRITE, ZERO_ENDS } from "./reactor/layout.ts";

/** A caller's fd, made ready for the reactor: an fd of our own on the same file. */
export interface FdEnd {
  readonly fd: number;
  /** How bytes are moved to or from it: a kind of the reactor with its flags. */
  readonly kind: number;
  readonly stats: Stats;
  /** Closes our fd; the caller's stays as it is. */
  release(): void;
}

/**
 * A caller's fd as a sink.
 *
 * @throws TaskIOError `INVALID_ARGUMENT` when it is closed, not open for writing, or a directory
 */
export function openFdSink(fd: number, name: StreamName): FdEnd {
  return openEnd(fd, name, linux.O_WRONLY, (stats, flags) => {
    if (stats.isSocket()) return TEE_SEND;
    return stats.isFile() && (flags & linux.O_APPEND) !== 0 ? TEE_WRITE : SPLICE;
  });
}

/**
 * A caller's fd as a source.
 *
 * @throws TaskIOError `INVALID_ARGUMENT` when it is closed, not open for reading, or a directory
 */
export function openFdSource(fd: number, name: StreamName): FdEnd {
  return openEnd(fd, name, linux.O_RDONLY, (stats) => {
    if (stats.isSocket()) return RECV_WRITE | ZERO_ENDS | INBOUND;
    return SPLICE | INBOUND | (stats.isFIFO() ? 0 : ZERO_ENDS);
  });
}

function openEnd(
  theirs: number,
  name: StreamName,
  access: number,
  kindOf: (stats: Stats, flags: number) => number,
): FdEnd {
  const { flags, stats } = inspect(theirs, name);
  const mode = flags & linux.O_ACCMODE;
  if ((mode !== access && mode !== linux.O_RDWR) || (flags & linux.O_PATH) !== 0) {
    const way = access === linux.O_WRONLY ? "writing" : "reading";
    throw invalidFd(theirs, name, `is not open for ${way}`);
  }
  if (stats.isDirectory()) throw invalidFd(theirs, name, "is a directory");
  const fd = isatty(theirs) ? reopenTerminal(theirs, name, access) : duplicate(theirs);
  return { fd, kind: kindOf(stats, flags), stats, release: () => closeSync(fd) };
}

function inspect(fd: number, name: StreamName): { flags: number; stats: Stats } {
  const flags = libc().fcntl(fd, linux.F_GETFL, 0);
  if (flags >= 0) return { flags, stats: fstatSync(fd) };
  throw invalidFd(fd, name, "is not open");
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
