import type { Config } from "@taskio/core";
import { CountedOutput, type Task } from "@taskio/testkit";

/** How far the counting process counts. */
export const lastLine = 5_000_000;

/** A process that counts, and all of its output that was read so far. */
export interface Counter {
  readonly config: Config;
  readonly task: Task;
  readonly output: CountedOutput;
}

/** How many lines and bytes `read` adds to a counter's output. */
export async function piece(
  { output }: Counter,
  read: () => Promise<unknown>,
): Promise<{ lines: number; bytes: number }> {
  const { lines, bytes } = output;
  await read();
  return { lines: output.lines - lines, bytes: output.bytes - bytes };
}
