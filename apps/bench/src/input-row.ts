import type { Bench } from "./bench.ts";
import { ofPeers } from "./of-peers.ts";
import { rate } from "./rate.ts";
import type { Row } from "./row.ts";
import { RunFolder } from "./run-folder.ts";
import { fullBytes, quickBytes } from "./sizes.ts";

/**
 * A row that tells how quickly a task is fed, from the first byte that it gets to the end.
 *
 * @param source makes it, in the folder of the run
 */
export function inputRow(
  name: string,
  source: (folder: RunFolder, bytes: number) => Promise<string>,
): Row {
  return {
    figures: [{ name, unit: "MB/s", better: "more" }],
    sides: ofPeers(async (bench, peer) => {
      using folder = new RunFolder();
      await using children = new AsyncDisposableStack();
      const bytes = bench.size(fullBytes, quickBytes);
      const fifo = folder.fifo();
      const feeder = children.use(peer.start("feed", await source(folder, bytes), fifo));
      await feeder.ready();
      return [rate(bytes, await secondsToDrain(bench, fifo, bytes))];
    }),
  };
}

async function secondsToDrain(bench: Bench, fifo: string, expected: number): Promise<number> {
  await using task = bench.task("drain", fifo);
  const { start, end, bytes } = await task.result<{ start: number; end: number; bytes: number }>();
  if (bytes !== expected) throw new Error(`the task got ${bytes} bytes of ${expected}`);
  return (end - start) / 1e3;
}
