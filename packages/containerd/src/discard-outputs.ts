import { type Config, newFIFOSet, withStreams } from "@taskio/core";
import { fifoHolders } from "@taskio/fifo/holders";
import { isFIFOPath } from "./is-fifo-path.ts";

/**
 * Reads what nobody reads in the outputs of a process, and throws it away: a runtime that deletes the
 * process waits seconds long for a reader (c#13377). Who reads already is left alone, or may read
 * unseen: then the runtime has to wait.
 */
export async function discardOutputs({ stdout, stderr }: Config): Promise<AsyncDisposable> {
  const { holders, incomplete } = fifoHolders([stdout, stderr].filter(isFIFOPath));
  const held = new AsyncDisposableStack();
  if (incomplete !== undefined) return held;
  const unread = [...holders].filter(
    ([, its]) => !its.some(({ reads, writes }) => reads && !writes),
  );
  for (const [path] of unread) {
    held.use(await discard(path).catch(() => undefined)); // no FIFO, or one that was taken just now
  }
  return held;
}

async function discard(path: string): Promise<AsyncDisposable> {
  const { newAttach } = await import("@taskio/fifo"); // few need it
  const attach = newAttach(withStreams(undefined, () => {}));
  return attach(newFIFOSet({ terminal: true, stdin: "", stdout: path, stderr: "" }));
}
