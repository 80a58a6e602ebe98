import { dlopen } from "bun:ffi";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { getTermios, setTermios, type Termios } from "../../src/termios.ts";
import { until } from "@taskio/test-support";

const { ioctl } = dlopen("libc.so.6", {
  ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
}).symbols;
const TIOCSPTLCK = 0x40045431;
const TIOCGPTN = 0x80045430;
const FIONREAD = 0x541b;

/** A pseudo-terminal: the test types at its master side. */
export class Pty implements Disposable {
  readonly master: number;
  readonly slave: number;
  readonly path: string;
  #hungUp = false;

  constructor() {
    const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
    this.master = openSync("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
    ioctl(this.master, TIOCSPTLCK, new Int32Array([0]));
    const number = new Int32Array(1);
    ioctl(this.master, TIOCGPTN, number);
    this.path = `/dev/pts/${number[0]}`;
    this.slave = openSync(this.path, O_RDWR | O_NOCTTY);
  }

  /** Changes settings by `stty`, as a user would. */
  async stty(...settings: string[]): Promise<void> {
    await Bun.spawn(["stty", "-F", this.path, ...settings]).exited;
  }

  /** All settings, as `stty -a` names them. */
  async describe(): Promise<string> {
    return new Response(Bun.spawn(["stty", "-a", "-F", this.path]).stdout).text();
  }

  get settings(): Termios {
    return getTermios(this.slave);
  }

  set settings(termios: Termios) {
    setTermios(this.slave, termios);
  }

  /** Types at the keyboard. */
  type(text: string): void {
    writeSync(this.master, text);
  }

  /**
   * What is in the raw terminal for its next reader, once that is at least `length` bytes: the kernel
   * hands over in the background. Leaves nothing there.
   */
  async drain(length: number): Promise<string> {
    await until(() => this.readable >= length, `the terminal has ${length} bytes`);
    const fd = openSync(this.path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    const buffer = new Uint8Array(4096);
    let text = "";
    try {
      for (;;) text += Buffer.from(buffer.subarray(0, readSync(fd, buffer))).toString("latin1");
    } catch {
      return text; // EAGAIN
    } finally {
      closeSync(fd);
    }
  }

  /** How many bytes are in the terminal for its next reader. */
  get readable(): number {
    const count = new Int32Array(1);
    ioctl(this.slave, FIONREAD, count);
    return count[0]!;
  }

  /** Closes the keyboard's side, as a terminal emulator that is closed. */
  hangUp(): void {
    if (!this.#hungUp) closeSync(this.master);
    this.#hungUp = true;
  }

  [Symbol.dispose](): void {
    closeSync(this.slave);
    this.hangUp();
  }
}
