import { withFIFODir, withStreams } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import type { Stage } from "./stage.ts";

/**
 * Copies one line, so that the engine runs: its thread and its fds are made at the first use and last
 * as long as the process. What is compared in the end has them already.
 */
export async function startEngine(stage: Stage): Promise<void> {
  const streams = withStreams(undefined, () => {});
  await using io = await newCreator(streams, withFIFODir(stage.folder))("first");
  await using task = stage.run(io.config, ["echo", "hello"]);
  await Promise.all([io.wait(), task.exited]);
}
