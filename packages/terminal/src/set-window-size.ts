import { TaskIOError } from "@taskio/core";
import { checkTerminal, terminalFailed } from "./check-terminal.ts";
import { libc, linux } from "./libc.ts";
import type { WindowSize } from "./window-size.ts";

/**
 * Sets a terminal's size. The terminal's foreground processes get a SIGWINCH if it is a new one.
 * Either side of a pseudo-terminal will do.
 *
 * @param size in characters, each 0 to 65535
 * @throws TaskIOError `INVALID_ARGUMENT` when the fd is no terminal or a number out of range;
 *   `UNSUPPORTED` off Linux
 *
 * @example
 * ```ts
 * import { isTerminal, setWindowSize, windowSize } from "@taskio/terminal";
 *
 * if (isTerminal(1)) setWindowSize(1, windowSize(1)); // the same size: nobody is told
 * ```
 */
export function setWindowSize(fd: number, size: WindowSize): void {
  const { columns, rows } = size;
  checkLength(columns, "columns");
  checkLength(rows, "rows");
  checkTerminal(fd);
  if (libc().ioctl(fd, linux.TIOCSWINSZ, new Uint16Array([rows, columns, 0, 0])) === 0) return;
  throw terminalFailed(fd, "set the size", "ioctl");
}

function checkLength(length: number, name: string): void {
  if (Number.isInteger(length) && length >= 0 && length <= 65_535) return;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid number of ${name} ${String(length)}: give an integer from 0 to 65535`,
  );
}
