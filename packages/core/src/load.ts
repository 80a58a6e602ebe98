import type { FIFOSet } from "./fifo-set.ts";
import type { IO } from "./io.ts";
import { newIO } from "./new-io.ts";

/**
 * An IO for a task that is only to be deleted: nothing is copied, and closing it closes the set, so
 * that no FIFO folder is left behind. Go: `cio.Load`.
 *
 * @example
 * ```ts
 * import { load, newFIFOSet } from "@taskio/core";
 *
 * const fifos = newFIFOSet({ terminal: false, stdin: "", stdout: "", stderr: "" }, () => {});
 * await using io = load(fifos);
 * console.log(await io.wait()); // {}
 * ```
 */
export function load(fifos: FIFOSet): IO {
  return newIO({ config: fifos.config, close: () => fifos.close() });
}
