import { checkTerminal, terminalFailed } from "./check-terminal.ts";
import { libc, linux } from "./libc.ts";

/** A terminal's size in characters. */
export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * A terminal's size. 0 × 0 is what a terminal says whose size nobody has set.
 *
 * A task's terminal starts with 0 × 0 too: send the size before the task is started, and again
 * after an attach (nerdctl PR 2182).
 *
 * @throws TaskIOError `INVALID_ARGUMENT` when the fd is no terminal; `UNSUPPORTED` off Linux
 *
 * @example
 * ```ts
 * import { isTerminal, windowSize } from "@taskio/terminal";
 *
 * const { columns, rows } = isTerminal(1) ? windowSize(1) : { columns: 80, rows: 24 };
 * console.log(`${columns} x ${rows}`);
 * ```
 */
export function windowSize(fd: number): WindowSize {
  checkTerminal(fd);
  const size = new Uint16Array(4); // struct winsize: rows, columns, and two in pixels
  if (libc().ioctl(fd, linux.TIOCGWINSZ, size) !== 0) {
    throw terminalFailed(fd, "read the size", "ioctl");
  }
  return { columns: size[1]!, rows: size[0]! };
}
