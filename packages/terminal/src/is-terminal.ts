import { isatty } from "node:tty";

/**
 * Whether an fd is a terminal; false for one that is closed, or whose terminal has hung up.
 *
 * @example
 * ```ts
 * import { isTerminal } from "@taskio/terminal";
 *
 * console.log(isTerminal(0) ? "interactive" : "stdin is a file or a pipe");
 * ```
 */
export function isTerminal(fd: number): boolean {
  return Number.isInteger(fd) && fd >= 0 && isatty(fd);
}
