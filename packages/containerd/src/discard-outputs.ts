import { type Config, newFIFOSet, withStreams } from "@taskio/core";
import { fifoHolders } from "@taskio/fifo/holders";
import { isFIFOPath } from "./is-fifo-path.ts";

/**
 * Lets a runtime write the rest of the outputs: when it deletes the process, it waits seconds long for
 * a reader (c#13377). What nobody reads is read, and thrown away. Where somebody reads, or may read
 * unseen, there is only made room for it.
 */
export async function discardOutputs({ stdout, stderr }: Config): Promise<AsyncDisposable> {
  const { holders, incomplete } = fifoHolders([stdout, stderr].filter(isFIFOPath));
  const held = new AsyncDisposableStack();
  for (const [path, its] of holders) {
    const isRead = incomplete !== undefined || its.some(({ reads, writes }) => reads && !writes);
    const take = isRead ? makeRoom : discard;
    held.use(await take(path).catch(() => undefined)); // no FIFO, or one that was taken just now
  }
  return held;
}

async function discard(path: string): Promise<AsyncDisposable> {
  const { newAttach } = await import("@taskio/fifo"); // few need it
  const attach = newAttach(withStreams(undefined, () => {}));
  return attach(newFIFOSet({ terminal: true, stdin: "", stdout: path, stderr: "" }));
}

async function makeRoom(path: string): Promise<Disposable> {
  const { makeRoom } = await import("./make-room.ts");
  return makeRoom(path);
}
