import { libc, linux } from "./libc.ts";

const pollFd = new Int32Array(2);

/**
 * Whether writers of a FIFO have come and gone, and nothing is left: its end. A `read` of 0 bytes
 * alone may also mean that no writer came yet.
 */
export function isHungUp(fd: number): boolean {
  pollFd[0] = fd;
  pollFd[1] = linux.POLLIN;
  const events = libc().poll(pollFd, 1, 0) > 0 ? pollFd[1]! >>> 16 : 0;
  return (events & (linux.POLLIN | linux.POLLHUP)) === linux.POLLHUP;
}
