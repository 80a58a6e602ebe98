import { setTimeout as sleep } from "node:timers/promises";
import type { FoundTask } from "./find-task.ts";
import type { Runtime } from "./open-runtime.ts";
import { ensureHub } from "./task-hub.ts";

/** How often to look, in ms. */
const period = 2000;

/** Starts the hub of a task again where it is killed while the task runs, until the signal. */
export async function keepHub(
  runtime: Runtime,
  found: FoundTask,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await sleep(period, undefined, { signal, ref: false });
      const status = await runtime.client.tasks.get(found.id, { signal });
      if (status.state === "running") await ensureHub(runtime, { ...found, status });
    } catch {} // who waits for the task is told what is wrong
  }
}
