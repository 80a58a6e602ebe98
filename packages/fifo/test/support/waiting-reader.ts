// Waits in poll(2) at the FIFO named, and prints a line for each time that it is woken: what it read, or
// "end", after which it ends.
import { constants, openSync, readSync, writeSync } from "node:fs";
import { libc, linux } from "../../src/libc.ts";

const fd = openSync(process.argv[2]!, constants.O_RDONLY | constants.O_NONBLOCK);
const pollFd = new Int32Array([fd, linux.POLLIN]);
const buffer = Buffer.alloc(65_536);
writeSync(1, "waits\n");
for (;;) {
  libc().poll(pollFd, 1, -1);
  const size = (pollFd[1]! >>> 16) & linux.POLLIN ? readSync(fd, buffer) : 0;
  writeSync(1, `${size > 0 ? buffer.toString("utf8", 0, size) : "end"}\n`);
  if (size === 0) break;
}
