import { closeSync } from "node:fs";
import { libc, linux } from "./libc.ts";
import { pipe } from "./pipe.ts";

/**
 * Whether somebody has the FIFO open for writing, or has left bytes in it. `tee(2)` of one byte takes
 * nothing and tells the three apart, which `poll` and `read` do not: 0 without a writer, EAGAIN while
 * it is silent.
 */
export function hasWriter(fd: number): boolean {
  const [readEnd, writeEnd] = pipe();
  const teed = libc().tee(fd, writeEnd, 1, linux.SPLICE_F_NONBLOCK);
  closeSync(readEnd);
  closeSync(writeEnd);
  return teed !== 0;
}
