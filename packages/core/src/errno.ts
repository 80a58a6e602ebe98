import { constants } from "node:os";
import type { TaskIOErrorCode } from "./error.ts";

const names = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));
names.set(constants.errno.EAGAIN, "EAGAIN"); // EWOULDBLOCK is the same number

const codes = new Map<string, TaskIOErrorCode>(
  Object.entries({
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
    ELOOP: "INVALID_ARGUMENT",
    ENOSYS: "UNSUPPORTED",
    ENOTSUP: "UNSUPPORTED",
    ERR_INVALID_ARG_TYPE: "INVALID_ARGUMENT",
    ERR_INVALID_ARG_VALUE: "INVALID_ARGUMENT",
  } as const),
);

const advice = new Map([
  ["EACCES", "check who owns it and its mode"],
  ["EPERM", "check who owns it and its mode"],
  ["EMFILE", "raise the limit of open files (ulimit -n) or close some"],
  ["ENFILE", "the system has no more open files: close some"],
  ["ENOSPC", "make room on the disk"],
]);

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
  return codes.get(name);
}

/** What to do about an errno, as the end of a message; empty where that says itself. */
export function errnoAdvice(name: string): string {
  const what = advice.get(name);
  return what ? `: ${what}` : "";
}
