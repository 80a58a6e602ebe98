import type { IO, StreamResult } from "@taskio/core";
import { isFIFOPath } from "./is-fifo-path.ts";

/**
 * Whether all that went into the FIFOs of an IO came out of them. Waits for copies under way.
 *
 * @param ended the paths of those that were at their end when they were stopped
 */
export async function areAtEnd(io: IO, ended: readonly string[] = []): Promise<boolean> {
  const { stdout, stderr } = await io.wait();
  return isAtEnd(io.config.stdout, stdout) && isAtEnd(io.config.stderr, stderr);

  /** With a sink that failed it is read to its end all the same. */
  function isAtEnd(path: string, result: StreamResult | undefined): boolean {
    if (!isFIFOPath(path)) return true;
    if (result?.end === "stopped") return ended.includes(path);
    return result?.end === "eof" || result?.error?.code === "SINK_FAILED";
  }
}
