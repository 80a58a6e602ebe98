import { closeSync, constants, openSync } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { duplicate, failed, libc, linux } from "../libc.ts";
import type { Size } from "../process/process-spec.ts";

/** A pseudo-terminal: the master is ours, a process gets the other end. */
export class Pty {
  readonly master: number;
  /** The same end again, as each fd can be watched once. */
  readonly input: number;
  readonly #path: string;

  constructor() {
    this.master = openMaster();
    try {
      if (libc().ioctl(this.master, linux.TIOCSPTLCK, new Int32Array([0])) !== 0) {
        throw failed("unlock a pseudo-terminal", "ioctl");
      }
      const number = new Int32Array(1);
      if (libc().ioctl(this.master, linux.TIOCGPTN, number) !== 0) {
        throw failed("name a pseudo-terminal", "ioctl");
      }
      this.#path = `/dev/pts/${number[0]}`;
      this.input = duplicate(this.master);
    } catch (error) {
      closeSync(this.master);
      throw error;
    }
  }

  /** The other end, for a process; whoever opens it here does not get it as controlling terminal. */
  openSlave(): number {
    try {
      return openSync(this.#path, constants.O_RDWR | constants.O_NOCTTY);
    } catch (error) {
      throw TaskIOError.from(error, "ENGINE_FAILED", `open the terminal "${this.#path}"`);
    }
  }

  resize({ width, height }: Size): void {
    const size = new Uint16Array([height, width, 0, 0]);
    if (libc().ioctl(this.master, linux.TIOCSWINSZ, size) !== 0) {
      throw failed("resize a pseudo-terminal", "ioctl");
    }
  }

  /** Hangs up on whoever still has the other end. */
  close(): void {
    closeSync(this.input);
    closeSync(this.master);
  }
}

function openMaster(): number {
  const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
  try {
    return openSync("/dev/ptmx", flags);
  } catch (error) {
    throw TaskIOError.from(error, "ENGINE_FAILED", "open a pseudo-terminal");
  }
}
