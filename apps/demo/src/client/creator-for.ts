import type { Client } from "@taskio/containerd";
import {
  type Creator,
  nullIO,
  type Source,
  withFIFODir,
  withStreams,
  withTerminal,
} from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { logURI, terminalLogURI } from "@taskio/log-file";
import { heldCreator } from "./held-creator.ts";
import { hubCreator } from "./hub-creator.ts";
import type { StreamPlan } from "./stream-plan.ts";

/** What else decides about the streams of a new task. */
export interface CreatorOptions {
  readonly terminal: boolean;
  /** Whether it has a stdin. */
  readonly interactive: boolean;
  /** What it reads while we are attached. */
  readonly source: Source | undefined;
  readonly fifoDir: string;
  /** The file for its output, where it is to have one. */
  readonly log: string;
  readonly client: Pick<Client, "address" | "namespace">;
}

/** Makes the streams that were planned. */
export function creatorFor(plan: StreamPlan, options: CreatorOptions): Creator {
  const { terminal, interactive: stdin, source, fifoDir, log } = options;
  const { address, namespace } = options.client;
  switch (plan.kind) {
    case "attached":
      return newCreator(
        withStreams(source, 1, 2),
        withFIFODir(fifoDir),
        ...(terminal ? [withTerminal] : []),
      );
    case "held":
      return heldCreator({ terminal, stdin, fifoDir });
    case "hub":
      return hubCreator({ terminal, stdin, fifoDir, log, address, namespace });
    case "null":
      return nullIO;
    case "uri":
      return terminal ? terminalLogURI(plan.uri) : logURI(plan.uri);
  }
}
