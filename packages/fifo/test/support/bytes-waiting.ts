import { libc, linux } from "../../src/libc.ts";

/** How many bytes a FIFO holds. */
export function bytesWaiting(fd: number): number {
  const bytes = new Int32Array(1);
  libc().ioctl(fd, linux.FIONREAD, bytes);
  return bytes[0]!;
}
