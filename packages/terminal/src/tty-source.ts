import type { InputStream } from "./input-stream.ts";
import { KeyedReader } from "./keyed-reader.ts";
import { keyedStream } from "./keyed-stream.ts";
import { TerminalReader } from "./terminal-reader.ts";

/**
 * A terminal as a source for `withStreams`, read exactly: a byte is taken only when one is asked
 * for, and one that was not taken stays in the terminal for whoever reads it next, such as the
 * shell. Never blocks the JS thread; the fd and its flags are left alone.
 *
 * Ends at `^D` at the start of a line (not in raw mode: the task gets it), and when the terminal
 * hangs up.
 *
 * @param fd a terminal; it is opened anew, so it may be closed
 * @throws TaskIOError `INVALID_ARGUMENT` when it is no terminal or the master side of one,
 *   `PERMISSION` when it belongs to another user, `UNSUPPORTED` off Linux
 *
 * @example
 * ```ts
 * import { newStreams, withStreams } from "@taskio/core";
 * import { isTerminal, ttySource } from "@taskio/terminal";
 *
 * if (isTerminal(0)) {
 *   using input = ttySource(0);
 *   console.log(typeof newStreams(withStreams(input, 1)).stdin);
 * }
 * ```
 */
export function ttySource(fd: number): InputStream {
  return keyedStream(new KeyedReader(new TerminalReader(fd), new Uint8Array(0), Infinity));
}
