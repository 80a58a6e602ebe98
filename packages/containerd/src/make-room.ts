import { closeSync, constants, openSync } from "node:fs";
import { loadLibc } from "@taskio/fifo/libc";

const { O_RDONLY, O_NONBLOCK } = constants;

const F_SETPIPE_SZ = 1031;
const F_GETPIPE_SZ = 1032;
const libc = loadLibc({ fcntl: { args: ["i32", "i32", "i64"], returns: "i32" } }, "FIFOs need");

/** As far as every user may go by default, in `/proc/sys/fs/pipe-max-size`. */
const largest = 1 << 20;

/**
 * Lets a FIFO hold more than its writers have left to write, without reading: who else reads it still
 * gets all. The kernel tells a writer that waits for room.
 */
export function makeRoom(path: string): Disposable {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  if (libc.fcntl(fd, F_GETPIPE_SZ, 0) < largest) libc.fcntl(fd, F_SETPIPE_SZ, largest); // where that is refused, they have to wait
  return { [Symbol.dispose]: () => closeSync(fd) };
}
