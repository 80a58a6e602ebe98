import { snapshotResources } from "@taskio/testkit";
import type { Stage } from "./stage.ts";
import { startEngine } from "./start-engine.ts";
import { attachAgain } from "./steps/attach-again.ts";
import { countAndDetach } from "./steps/count-and-detach.ts";
import { feedStdin } from "./steps/feed-stdin.ts";
import { findNothingLeft } from "./steps/find-nothing-left.ts";
import { holdStreams } from "./steps/hold-streams.ts";
import { logToFile } from "./steps/log-to-file.ts";
import { stayAway } from "./steps/stay-away.ts";

/** All steps, in order; throws at the first thing that is not as it should be. */
export async function tour(stage: Stage): Promise<void> {
  const start = performance.now();
  stage.narrator.say("taskio: container task IO, shown on real processes of this machine.");
  await startEngine(stage);
  const before = snapshotResources();
  const counter = await countAndDetach(stage);
  await stayAway(stage, counter);
  await attachAgain(stage, counter);
  await feedStdin(stage);
  await logToFile(stage);
  await holdStreams(stage);
  await findNothingLeft(stage, before);
  stage.narrator.summary(stage.totals, performance.now() - start);
}
