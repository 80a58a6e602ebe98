import { TaskIOError } from "@taskio/core";
import { linux } from "./libc.ts";

/** The error of a write to a FIFO: `PEER_GONE` when its last reader left. */
export function writeFailed(path: string, errno: number): TaskIOError {
  if (errno === linux.EPIPE) {
    return new TaskIOError(
      "PEER_GONE",
      `nobody reads "${path}" any more: the task closed its stdin`,
      {
        errno: "EPIPE",
        syscall: "write",
        path,
      },
    );
  }
  return TaskIOError.fromErrno(errno, { doing: `write to "${path}"`, syscall: "write", path });
}
