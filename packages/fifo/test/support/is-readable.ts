import { libc, linux } from "../../src/libc.ts";

const pollFd = new Int32Array(2);

/** Whether an fd has bytes to read. */
export function isReadable(fd: number): boolean {
  pollFd[0] = fd;
  pollFd[1] = linux.POLLIN;
  return libc().poll(pollFd, 1, 0) > 0 && ((pollFd[1]! >>> 16) & linux.POLLIN) !== 0;
}
