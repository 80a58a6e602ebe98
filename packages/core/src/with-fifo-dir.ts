import type { Opt } from "./opt.ts";

/**
 * Sets the folder that FIFO folders are made in, such as `/run/containerd/fifo`. The runtime must
 * see it under the same path. Go: `cio.WithFIFODir`.
 *
 * @example
 * ```ts
 * import { newStreams, withFIFODir } from "@taskio/core";
 *
 * console.log(newStreams(withFIFODir("/run/user/1000/containerd/fifo")).fifoDir);
 * ```
 */
export function withFIFODir(dir: string): Opt {
  return (streams) => {
    streams.fifoDir = dir;
  };
}
