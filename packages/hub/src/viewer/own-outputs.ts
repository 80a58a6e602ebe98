import { closeSync, openSync } from "node:fs";
import { type Config, isWired, TaskIOError } from "@taskio/core";
import { unreadBytes } from "@taskio/fifo/holders";

/** An fd that tells a file and cannot read it; Node has no name for it. */
const O_PATH = 0o10000000;
const self = [{ pid: process.pid }];

/** The FIFOs of a viewer's outputs, which have no paths any more. */
export class OwnOutputs {
  readonly #fds: number[] = [];

  /** @throws TaskIOError `UNAVAILABLE`, … */
  constructor({ stdout, stderr }: Config) {
    try {
      for (const path of [stdout, stderr].filter(isWired)) this.#fds.push(openSync(path, O_PATH));
    } catch (error) {
      this[Symbol.dispose]();
      throw TaskIOError.from(error, "UNAVAILABLE", "look up the viewer's own FIFOs");
    }
  }

  /** How many bytes wait in them. */
  get unread(): number {
    return this.#fds.reduce((sum, fd) => sum + unreadAt(fd), 0);
  }

  /** Nothing waits any more. Twice is fine. */
  [Symbol.dispose](): void {
    for (const fd of this.#fds.splice(0)) closeSync(fd);
  }
}

function unreadAt(fd: number): number {
  return unreadBytes(`/proc/self/fd/${fd}`, self)?.bytes ?? 0;
}
