// A process that has the FIFO named open, and whose first thread ends while a second goes on.
import { dlopen } from "bun:ffi";
import { constants, openSync, writeSync } from "node:fs";

const { syscall } = dlopen("libc.so.6", {
  syscall: { args: ["i64", "i32"], returns: "i32" },
}).symbols;
const SYS_exit = process.arch === "arm64" ? 93 : 60; // ends the calling thread only

openSync(process.argv[2]!, constants.O_RDWR | constants.O_NONBLOCK);
const source = "setInterval(() => {}, 1e6); postMessage(0);";
const worker = new Worker(URL.createObjectURL(new Blob([source])));
worker.onmessage = () => {
  writeSync(1, "\n");
  syscall(SYS_exit, 0);
};
