/**
 * A command that writes the lines `1`, `2`, `3`, … at full speed: `seq`, which coreutils and busybox
 * have. {@link CountedOutput} checks them.
 *
 * @param limit the number of lines; without it, it writes until it is killed
 *
 * @example
 * ```ts
 * import { CountedOutput, countingCommand } from "@taskio/testkit";
 *
 * const output = new CountedOutput();
 * for await (const chunk of Bun.spawn(countingCommand(1000)).stdout) output.push(chunk);
 * output.end(1000);
 * ```
 */
export function countingCommand(limit = 999_999_999_999_999): string[] {
  return ["seq", "1", String(limit)];
}
