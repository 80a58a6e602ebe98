import { type FIFOSet, newIO } from "@taskio/core";
import type { DirectIO, DirectStreams } from "./direct-io.ts";

/**
 * A DirectIO of streams that the caller already has. Go: `cio.NewDirectIOFromFIFOSet`.
 *
 * The streams are passed through as they are and stay the caller's: they are never read, counted,
 * cancelled or closed here. So `wait()` settles at once with an empty result, `stdinDone` with
 * undefined, and `cancel()` and `detach()` have nothing to stop; `close()` closes the set, unless
 * the IO was detached before.
 *
 * @example
 * ```ts
 * import { newFIFOSet } from "@taskio/core";
 * import { newDirectIOFromFIFOSet } from "@taskio/direct-io";
 *
 * const fifos = newFIFOSet({ terminal: false, stdin: "", stdout: "/run/x/t1-stdout", stderr: "" });
 * await using io = newDirectIOFromFIFOSet({ stdout: new Blob(["hello"]).stream() }, fifos);
 * console.log(await io.stdout?.text()); // hello
 * ```
 */
export function newDirectIOFromFIFOSet(streams: DirectStreams, fifoSet: FIFOSet): DirectIO {
  const { stdin, stdout, stderr } = streams;
  const io = newIO({ config: fifoSet.config, close: () => fifoSet.close() });
  return Object.assign(io, { stdin, stdout, stderr });
}
