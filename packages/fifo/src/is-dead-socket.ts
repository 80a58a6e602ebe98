import { closeSync, constants, lstatSync, openSync } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { cString, libc, linux } from "./libc.ts";

/**
 * Whether a path is that of a Unix stream socket at which nobody listens any more: connecting is refused.
 * A process that is only stopped, or too busy to answer, still listens. It sees a client come and go.
 *
 * @throws TaskIOError `UNAVAILABLE` where that can't be seen: fds are used up; `UNSUPPORTED` (not on Linux)
 *
 * @example
 * ```ts
 * import { isDeadSocket } from "@taskio/fifo/holders";
 *
 * const path = `/tmp/example-${process.pid}.sock`;
 * const listener = Bun.listen({ unix: path, socket: { data() {} } });
 * console.log(isDeadSocket(path)); // false
 * listener.stop();
 * ```
 */
export function isDeadSocket(path: string): boolean {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return false;
  try {
    const found = openSync(path, linux.O_PATH | constants.O_NOFOLLOW);
    try {
      return isRefused(`/proc/self/fd/${found}`); // the path itself may be too long for the kernel
    } finally {
      closeSync(found);
    }
  } catch (error) {
    const failure = TaskIOError.from(error, "ENGINE_FAILED", `look up the socket "${path}"`);
    if (failure.code === "NOT_FOUND") return false;
    throw failure;
  }
}

function isRefused(path: string): boolean {
  const type = linux.SOCK_STREAM | linux.O_NONBLOCK | linux.O_CLOEXEC;
  const fd = libc().socket(linux.AF_UNIX, type, 0);
  if (fd < 0) {
    throw TaskIOError.fromErrno(libc().errno(), { doing: "make a socket", syscall: "socket" });
  }
  try {
    const address = unixAddress(path);
    if (libc().connect(fd, address, address.length) === 0) return false;
    return libc().errno() === linux.ECONNREFUSED;
  } finally {
    closeSync(fd);
  }
}

/** A `sockaddr_un`. */
function unixAddress(path: string): Uint8Array {
  const family = new Uint8Array(new Uint16Array([linux.AF_UNIX]).buffer);
  return Buffer.concat([family, cString(path)]);
}
