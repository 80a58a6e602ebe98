import type { Opt } from "./opt.ts";
import { withStreams } from "./with-streams.ts";

/**
 * Wires the process's own stdin, stdout and stderr (fds 0, 1 and 2). An option itself, not a
 * function that makes one. Go: `cio.WithStdio`.
 *
 * @example
 * ```ts
 * import { newStreams, withStdio } from "@taskio/core";
 *
 * console.log(newStreams(withStdio).stdout); // 1
 * ```
 */
export const withStdio: Opt = withStreams(0, 1, 2);
