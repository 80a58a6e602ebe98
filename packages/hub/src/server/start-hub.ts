import { rmSync } from "node:fs";
import { type ChunkReader, type FIFOSet, TaskIOError } from "@taskio/core";
import type { HubOptions } from "../hub-options.ts";
import { type OutputName, outputNames } from "../output-name.ts";
import { isCount } from "../protocol/fields.ts";
import { type Limits, Output } from "./output.ts";
import { RunningHub } from "./running-hub.ts";
import { atSocketPlace } from "./socket-place.ts";

/** What a hub is started with beside its options. */
export interface HubStart {
  readonly set: FIFOSet;
  readonly socket: string;
  /** Whether to make the socket's folder where it is missing. */
  readonly makesFolder: boolean;
  /** Opens an output; undefined where there is none. Called at the last moment. */
  open(name: OutputName): ChunkReader | undefined;
}

/** @throws TaskIOError as `newHub` does; nothing is changed then */
export async function startHub(start: HubStart, options: HubOptions): Promise<RunningHub> {
  const { signal, log } = options;
  const { set, socket, makesFolder } = start;
  const limits = limitsOf(options);
  // First the place: opening a FIFO lets a writer go that waits for its reader.
  return atSocketPlace(socket, { makesFolder, signal }, (isStale) => {
    using opened = new DisposableStack();
    const outputs = outputNames.flatMap((name) => {
      const reader = start.open(name);
      if (!reader) return [];
      opened.defer(() => reader.close());
      return [new Output(name, reader, limits, log)];
    });
    if (isStale) rmSync(socket, { force: true });
    const hub = new RunningHub(set, socket, outputs, options);
    opened.move(); // they are the hub's now
    return hub;
  });
}

function limitsOf(options: HubOptions): Limits {
  const { replay = 1 << 20, viewerLimit = 16 << 20, slowViewers = "miss" } = options;
  for (const [name, value] of Object.entries({ replay, viewerLimit })) {
    if (!isCount(value)) throw invalid(name, value, "a whole number of bytes, 0 or more");
  }
  if (slowViewers !== "miss" && slowViewers !== "wait") {
    throw invalid("slowViewers", slowViewers, '"miss" or "wait"');
  }
  return { replay, viewerLimit, slowViewers };
}

function invalid(name: string, value: unknown, wanted: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", `${name} is ${String(value)}: give ${wanted}`);
}
