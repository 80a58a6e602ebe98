import type { Bench } from "./bench.ts";
import { expectBytes } from "./expect-bytes.ts";
import { RunFolder } from "./run-folder.ts";

interface View {
  readonly end: number;
  readonly bytes: number;
  readonly missed: number;
}

/**
 * Has a hub of ours serve viewers, each in a process of its own that throws away what it gets, while a
 * task writes as fast as it can. Checks that each gets all.
 *
 * @returns seconds from the task's first write until the last viewer has seen the end
 */
export async function viewOutput(bench: Bench, viewers: number, bytes: number): Promise<number> {
  using folder = new RunFolder();
  await using children = new AsyncDisposableStack();
  const fifo = folder.fifo();
  const hub = children.use(bench.ours.start("hub", fifo));
  await hub.ready();
  const views = Array.from({ length: viewers }, () =>
    children.use(bench.ours.start("view", "null", fifo)),
  );
  await Promise.all(views.map((view) => view.ready()));
  const task = children.use(bench.task("produce", bytes, fifo));
  const { start } = await task.result<{ start: number }>();
  const results = await Promise.all(views.map((view) => view.result<View>()));
  for (const view of results) {
    expectBytes(bytes, view.bytes);
    expectBytes(bytes, bytes - view.missed);
  }
  return (Math.max(...results.map(({ end }) => end)) - start) / 1e3;
}
