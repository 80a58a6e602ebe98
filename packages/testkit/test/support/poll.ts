import { dlopen, FFIType } from "bun:ffi";

const libc = dlopen("libc.so.6", {
  poll: { args: [FFIType.ptr, FFIType.u64, FFIType.i32], returns: FFIType.i32 },
});

const POLLIN = 1;
const POLLHUP = 16;

/** Whether all writers of a FIFO have gone and nothing is left in it. */
export function isHungUp(fd: number): boolean {
  const entry = new Int32Array([fd, POLLIN]);
  libc.symbols.poll(entry, 1, 0);
  const events = entry[1]! >>> 16;
  return (events & POLLHUP) !== 0 && (events & POLLIN) === 0;
}
