import { logFormat, openLogWriter } from "@taskio/logs";
import { ready } from "./ready.ts";

const line = `${"x".repeat(99)}\n`;

/** How many lines come at a time: as a FIFO gives them. */
const atOnce = 655;

/** Logs so many lines of 100 bytes. */
export async function log(format: string, count: number, file: string) {
  const chunk = Buffer.from(line.repeat(atOnce));
  const writer = await openLogWriter(file, { format: logFormat(format) });
  ready();
  const start = performance.now();
  for (let left = count; left > 0; left -= atOnce) {
    await writer.write("stdout", chunk.subarray(0, left * line.length));
  }
  await writer.close();
  return { ms: performance.now() - start };
}
