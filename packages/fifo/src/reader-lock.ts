import { fstatSync, readFileSync, type Stats } from "node:fs";
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
  throw inUse(path, fstatSync(fd));
}

function inUse(path: string, stats: Stats): TaskIOError {
  const pid = lockHolder(stats);
  const who = pid === process.pid ? "this process" : pid ? `process ${pid}` : "another process";
  return new TaskIOError("IN_USE", `"${path}" is being read by ${who}: detach that reader first`, {
    errno: "EAGAIN",
    syscall: "flock",
    path,
  });
}

/** The process that holds a lock on a file. */
function lockHolder({ dev, ino }: Stats): number | undefined {
  const hex = (part: number) => part.toString(16).padStart(2, "0");
  const file = ` ${hex((dev >> 8) & 0xfff)}:${hex((dev & 0xff) | ((dev >> 12) & 0xfff00))}:${ino} `;
  const line = locks().find((line) => line.includes(" FLOCK ") && line.includes(file));
  const pid = Number(line?.trim().split(/\s+/)[4]);
  return pid > 0 ? pid : undefined;
}

function locks(): string[] {
  try {
    return readFileSync("/proc/locks", "utf8").split("\n");
  } catch {
    return [];
  }
}
