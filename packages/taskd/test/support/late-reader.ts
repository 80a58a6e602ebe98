import { closeSync, constants, openSync } from "node:fs";
import { loadLibc } from "@taskio/fifo/libc";

const FIONREAD = 0x541b;

/** One that has a FIFO open, and begins to read it after some seconds. */
export function lateReader(path: string, seconds = 0.5) {
  const fd = openSync(path, constants.O_RDONLY);
  const { ioctl } = loadLibc(
    { ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" } },
    "tests need",
  );
  const waiting = new Int32Array(1);
  ioctl(fd, FIONREAD, waiting);
  const child = Bun.spawn(["sh", "-c", `sleep ${seconds}; cat`], { stdin: fd, stdout: "pipe" });
  closeSync(fd);
  return { waiting: waiting[0]!, text: child.stdout.text() };
}
