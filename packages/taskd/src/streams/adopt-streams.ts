import type { Config } from "@taskio/core";
import { checkConfig, type Target } from "./check-config.ts";
import { FIFOOutput } from "./fifo-output.ts";
import type { Output } from "./output.ts";
import { PlainStreams } from "./plain-streams.ts";
import type { ProcessStreams } from "./process-streams.ts";
import { StdinFIFO } from "./stdin-fifo.ts";

const nothing: Output = {
  open() {
    throw new Error("an adopted process has its streams already");
  },
  ended() {},
  async close() {},
};

/**
 * Holds the FIFOs of a process again that an earlier runtime started, as far as they are still there.
 * It has its own ends, its files and its logger. A terminal went with the runtime that held it.
 */
export function adoptStreams(config: Config, stdinClosed: boolean): ProcessStreams {
  if (config.terminal) return new PlainStreams(undefined, undefined);
  const { stdin, stdout, stderr } = checkConfig(config);
  const input =
    stdin.kind === "path" && !stdinClosed ? attempt(() => new StdinFIFO(stdin.path)) : undefined;
  const streams = new PlainStreams(input, [adoptOutput(stdout), adoptOutput(stderr)]);
  streams.started();
  return streams;
}

function adoptOutput(target: Target): Output {
  if (target.kind !== "path") return nothing;
  return attempt(() => new FIFOOutput(target.path)) ?? nothing;
}

function attempt<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
