import type { Opt } from "./opt.ts";
import type { Streams } from "./streams.ts";

/**
 * The {@link Streams} that options add up to, applied in order: what a backend's creator starts with.
 *
 * @example
 * ```ts
 * import { newStreams, withTerminal } from "@taskio/core";
 *
 * console.log(newStreams(withTerminal).terminal); // true
 * ```
 */
export function newStreams(...opts: readonly Opt[]): Streams {
  const streams: Streams = { terminal: false, fifoDir: "" };
  for (const opt of opts) opt(streams);
  return streams;
}
