import { type Config, isWired, TaskIOError } from "@taskio/core";
import { fifoHolders, removeFIFOs } from "@taskio/fifo/holders";
import { dirname } from "node:path";
import type { FoundTask } from "./find-task.ts";
import { answers, hubPath } from "./hub-state.ts";
import { labels, set } from "./labels.ts";
import type { Runtime } from "./open-runtime.ts";
import { refuseSecondReader } from "./refuse-second-reader.ts";
import { startHub } from "./start-hub.ts";

/** How long another one's start of a hub, or a hub's end, may take, in ms. */
const patience = 5000;
const period = 20;

/**
 * Sees to it that the hub of a task is there: one that was killed is started again, where somebody still
 * holds the task's output.
 *
 * @returns whether there is one
 * @throws TaskIOError as `startHub` does; `IN_USE` where somebody else reads
 */
export async function ensureHub(runtime: Runtime, found: FoundTask): Promise<boolean> {
  const { id, container, status } = found;
  const { config, state } = status;
  const path = hubPath(config);
  if (path === undefined) return false;
  if (await answers(path)) return true;
  const log = container.labels[labels.log];
  if (container.labels[labels.hub] !== set || log === undefined) return false;
  if (state === "stopped" && !isHeld(config)) return false;
  const { address, namespace } = runtime.client;
  const deadline = performance.now() + patience;
  while (!(await answers(path))) {
    try {
      await refuseSecondReader(runtime, found);
      (await startHub({ address, namespace, id, config, log })).release();
      return true;
    } catch (error) {
      if (!isInUse(error) || performance.now() > deadline) throw error;
      await Bun.sleep(period); // somebody else was quicker, or a hub is leaving
    }
  }
  return true;
}

/** Waits for the end of the hub of a task that was deleted, and removes what a killed one left. */
export async function untilHubEnded(config: Config): Promise<void> {
  const path = hubPath(config);
  if (path === undefined) return;
  await within(patience, async () => !(await answers(path)));
  removeFIFOs([config.stdin, config.stdout, config.stderr], [dirname(path)]);
}

async function within(ms: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (performance.now() < deadline) {
    if (await isSo()) return true;
    await Bun.sleep(period);
  }
  return false;
}

function isInUse(error: unknown): boolean {
  return error instanceof TaskIOError && error.code === "IN_USE";
}

function isHeld({ stdout, stderr }: Config): boolean {
  const { holders, incomplete } = fifoHolders([stdout, stderr].filter(isWired));
  return incomplete !== undefined || [...holders.values()].some((its) => its.length > 0);
}
