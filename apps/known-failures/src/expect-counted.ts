import { readLogs } from "@taskio/logs";
import { CountedOutput } from "@taskio/testkit";

/**
 * Reads all files of a log, which are to have exactly the lines `1`, `2`, … and `lines`.
 *
 * @throws Error that says what is wrong, and where
 */
export async function expectCounted(path: string, lines: number): Promise<void> {
  const output = new CountedOutput();
  for await (const { data } of readLogs(path)) output.push(data);
  output.end(lines);
}
