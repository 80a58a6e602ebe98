import { isWired } from "@taskio/core";

/** Whether a path of a Config is a FIFO's: not a URI, `""` or `/dev/null`. */
export function isFIFOPath(path: string): boolean {
  return isWired(path) && path.startsWith("/");
}
