import { TaskIOError } from "@taskio/core";
import { libc, linux } from "./libc.ts";

/** Another fd on the same open file, closed on exec. */
export function duplicate(fd: number): number {
  const copy = libc().fcntl(fd, linux.F_DUPFD_CLOEXEC, 3);
  if (copy >= 0) return copy;
  throw TaskIOError.fromErrno(libc().errno(), { doing: `duplicate fd ${fd}`, syscall: "fcntl" });
}
