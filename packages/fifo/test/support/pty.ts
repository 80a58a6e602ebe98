import { dlopen } from "bun:ffi";
import { closeSync, constants, openSync } from "node:fs";

const { ioctl } = dlopen("libc.so.6", {
  ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
}).symbols;
const TIOCSPTLCK = 0x40045431;
const TIOCGPTN = 0x80045430;

export interface Pty extends Disposable {
  readonly master: number;
  readonly slave: number;
}

/** A pseudo-terminal: the program's side (slave) in blocking mode, as a shell has it. */
export async function openPty(options: { raw: boolean }): Promise<Pty> {
  const master = openSync(
    "/dev/ptmx",
    constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK,
  );
  ioctl(master, TIOCSPTLCK, new Int32Array([0]));
  const number = new Int32Array(1);
  ioctl(master, TIOCGPTN, number);
  const path = `/dev/pts/${number[0]}`;
  const slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  await Bun.spawn(["stty", "-F", path, options.raw ? "raw" : "cooked", "-echo"]).exited;
  return {
    master,
    slave,
    [Symbol.dispose]() {
      closeSync(slave);
      closeSync(master);
    },
  };
}
