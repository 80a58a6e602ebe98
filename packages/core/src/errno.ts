import { constants } from "node:os";
import type { TaskIOErrorCode } from "./error.ts";

const names = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));
names.set(constants.errno.EAGAIN, "EAGAIN"); // EWOULDBLOCK is the same number

const codes: Readonly<Record<string, TaskIOErrorCode>> = {
  ENOENT: "NOT_FOUND",
  EACCES: "PERMISSION",
  EPERM: "PERMISSION",
  EROFS: "PERMISSION",
  EPIPE: "PEER_GONE",
  EMFILE: "UNAVAILABLE",
  ENFILE: "UNAVAILABLE",
  ENOMEM: "UNAVAILABLE",
  ENOSPC: "UNAVAILABLE",
  EDQUOT: "UNAVAILABLE",
  EBADF: "INVALID_ARGUMENT",
  EEXIST: "IN_USE",
  EINVAL: "INVALID_ARGUMENT",
  EISDIR: "INVALID_ARGUMENT",
  ENAMETOOLONG: "INVALID_ARGUMENT",
  ENOTDIR: "INVALID_ARGUMENT",
  ENOSYS: "UNSUPPORTED",
  ENOTSUP: "UNSUPPORTED",
  ERR_INVALID_ARG_TYPE: "INVALID_ARGUMENT",
  ERR_INVALID_ARG_VALUE: "INVALID_ARGUMENT",
};

/** The symbolic name of an errno number, `"E<number>"` where there is none. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `E${errno}`;
}

/** Whether a system error's `code` is an errno; runtimes have codes of their own beside them. */
export function isErrno(name: string): boolean {
  return name in constants.errno;
}

/** The code that a failed system call maps to, or undefined where its errno says too little. */
export function errnoCode(name: string): TaskIOErrorCode | undefined {
  return codes[name];
}
