import { TaskIOError } from "@taskio/core";
import { libc, linux } from "./libc.ts";

/** A pipe's read and write end, closed on exec, in blocking mode. */
export function pipe(): [number, number] {
  const ends = new Int32Array(2);
  if (libc().pipe2(ends, linux.O_CLOEXEC) === 0) return [ends[0]!, ends[1]!];
  throw TaskIOError.fromErrno(libc().errno(), { doing: "make a pipe", syscall: "pipe2" });
}
