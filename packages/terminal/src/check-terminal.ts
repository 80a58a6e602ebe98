import { TaskIOError } from "@taskio/core";
import { isTerminal } from "./is-terminal.ts";
import { libc, linux } from "./libc.ts";

/** Throws `INVALID_ARGUMENT` unless `fd` is a terminal. */
export function checkTerminal(fd: number): void {
  if (isTerminal(fd)) return;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `fd ${String(fd)} is no terminal, or its terminal has hung up: ask isTerminal(fd) first`,
  );
}

/** The error of a terminal's system call that has just failed: read before any other call. */
export function terminalFailed(fd: number, doing: string, syscall: string): TaskIOError {
  const errno = libc().errno();
  return TaskIOError.fromErrno(errno, {
    doing: `${doing} of the terminal at fd ${fd}`,
    syscall,
    ...(errno === linux.EIO && { code: "PEER_GONE" }), // hung up
  });
}
