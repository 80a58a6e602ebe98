import { type Config, newFIFOSet, type Source, withFIFODir, withStreams } from "@taskio/core";
import { dirname } from "node:path";
import {
  type HubIO,
  type HubViewOptions,
  type Missed,
  newHubAttach,
  withHub,
} from "../../src/index.ts";

/** What a test's viewer is opened with. */
export interface ViewerOptions extends HubViewOptions {
  readonly stdin?: Source;
  /** Called with each chunk of stdout. */
  readonly take?: (chunk: Uint8Array) => void | Promise<void>;
}

/** A viewer that remembers what it got of stdout, and missed. */
export interface TestViewer extends AsyncDisposable {
  readonly io: HubIO;
  readonly missed: readonly Missed[];
  bytes(): Buffer;
  text(): string;
}

/** Attaches to the hub of a task, with FIFOs in the folder above the task's. */
export async function openViewer(config: Config, options: ViewerOptions = {}): Promise<TestViewer> {
  const { stdin, take, ...view } = options;
  const chunks: Uint8Array[] = [];
  const missed: Missed[] = [];
  const sink = (chunk: Uint8Array) => {
    chunks.push(chunk);
    return take?.(chunk);
  };
  const attach = newHubAttach(
    withStreams(stdin, sink),
    withFIFODir(dirname(dirname(config.stdout))),
    withHub({ onMissed: (one) => void missed.push(one), ...view }),
  );
  const io = await attach(newFIFOSet(config));
  const bytes = () => Buffer.concat(chunks);
  return {
    io,
    missed,
    bytes,
    text: () => bytes().toString(),
    [Symbol.asyncDispose]: () => io.close(),
  };
}
