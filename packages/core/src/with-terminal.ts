import type { Opt } from "./opt.ts";

/**
 * Says that the task has a terminal: one output, no stderr. An option itself. Go: `cio.WithTerminal`.
 *
 * @example
 * ```ts
 * import { newStreams, withStdio, withTerminal } from "@taskio/core";
 *
 * console.log(newStreams(withStdio, withTerminal).terminal); // true
 * ```
 */
export const withTerminal: Opt = (streams) => {
  streams.terminal = true;
};
