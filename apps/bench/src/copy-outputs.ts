import { statSync } from "node:fs";
import type { Bench } from "./bench.ts";
import { expectBytes } from "./expect-bytes.ts";
import type { Peer } from "./peers/peer.ts";
import { RunFolder } from "./run-folder.ts";

/** How outputs are copied. */
export interface Outputs {
  readonly sink: "null" | "pipe" | "file" | "append" | "count" | "stream";
  /** Of all of them together. */
  readonly bytes: number;
  /** @default 1 */
  readonly tasks?: number;
  /** How many outputs a task has. @default 1 */
  readonly streams?: 1 | 2;
  /** Whether the client computes meanwhile. @default false */
  readonly busy?: boolean;
}

/** What that took. */
export interface Copied {
  /** From the first write of a task until the client has seen the last one's end. */
  readonly seconds: number;
  /** From the first write of a task to the last. */
  readonly writing: number;
  /** Of a core, for the client, in seconds. */
  readonly cpu: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface End {
  readonly end: number;
  readonly cpu: number;
  /** Where the client counts them. */
  readonly bytes?: number;
}

/** Has a peer copy the outputs of tasks that write as fast as they can, and checks that all arrive. */
export async function copyOutputs(bench: Bench, peer: Peer, how: Outputs): Promise<Copied> {
  using folder = new RunFolder();
  await using children = new AsyncDisposableStack();
  const tasks = Array.from({ length: how.tasks ?? 1 }, () =>
    Array.from({ length: how.streams ?? 1 }, () => folder.fifo()),
  );
  const fifos = tasks.flat();
  const path = how.sink === "pipe" ? folder.fifo() : folder.file();
  const isFile = how.sink === "file" || how.sink === "append";
  const drain = how.sink === "pipe" ? children.use(bench.task("drain", path)) : undefined;
  const sink = isFile || drain ? `${how.sink}=${path}` : how.sink;
  const command = how.busy ? "copy-busy" : "copy";
  const copier = children.use(peer.start(command, sink, ...tasks.map((task) => task.join(","))));
  await copier.ready();
  const writers = fifos.map((fifo) =>
    children.use(bench.task("produce", how.bytes / fifos.length, fifo)),
  );
  const spans = await Promise.all(writers.map((writer) => writer.result<Span>()));
  const { end, cpu, bytes } = await copier.result<End>();
  if (bytes !== undefined) expectBytes(how.bytes, bytes);
  if (drain) expectBytes(how.bytes, (await drain.result<{ bytes: number }>()).bytes);
  if (isFile) expectBytes(how.bytes, statSync(path).size);
  const start = Math.min(...spans.map((span) => span.start));
  const written = Math.max(...spans.map((span) => span.end));
  return { seconds: (end - start) / 1e3, writing: (written - start) / 1e3, cpu };
}
