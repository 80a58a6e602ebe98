import { fstatSync, readFileSync } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { libc, linux } from "./libc.ts";

/**
 * Makes an fd the one reader of its FIFO, by an advisory `flock(2)` that goes with the fd: a killed
 * process frees it. The kernel gives each chunk to one of two readers and tells neither.
 *
 * @throws TaskIOError `IN_USE`, naming the process that reads
 */
export function lockReader(fd: number, path: string): void {
  if (libc().flock(fd, linux.LOCK_EX | linux.LOCK_NB) === 0) return;
  const errno = libc().errno();
  if (errno !== linux.EAGAIN) {
    throw TaskIOError.fromErrno(errno, { doing: `lock "${path}"`, syscall: "flock", path });
  }
  const pid = lockHolder(fd);
  throw new TaskIOError(
    "IN_USE",
    `"${path}" is being read${pid ? ` by process ${pid}` : ""}: detach that reader first`,
    { errno: "EAGAIN", syscall: "flock", path },
  );
}

/** The process that holds a lock on the fd's file, as /proc/locks tells. */
function lockHolder(fd: number): number | undefined {
  const { ino } = fstatSync(fd);
  const line = readFileSync("/proc/locks", "utf8")
    .split("\n")
    .find((line) => line.includes(" FLOCK ") && line.includes(`:${ino} `));
  const pid = Number(line?.trim().split(/\s+/)[4]);
  return pid > 0 ? pid : undefined;
}
