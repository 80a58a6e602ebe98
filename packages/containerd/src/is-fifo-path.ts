import { statSync } from "node:fs";
import { isWired } from "@taskio/core";

/**
 * Whether a path of a Config is a FIFO's: not a URI, `""`, `/dev/null` or another file. What is gone
 * may have been one.
 */
export function isFIFOPath(path: string): boolean {
  if (!isWired(path) || !path.startsWith("/")) return false;
  try {
    return statSync(path).isFIFO();
  } catch {
    return true;
  }
}
