/**
 * Whether a path of a Config names a stream that can be copied: not `""`, not `/dev/null`.
 *
 * @example
 * ```ts
 * import { isWired } from "@taskio/core";
 *
 * console.log(isWired("/dev/null")); // false
 * ```
 */
export function isWired(path: string): boolean {
  return path !== "" && path !== "/dev/null";
}
