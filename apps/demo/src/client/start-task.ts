import type { Task } from "@taskio/containerd";
import { removeFailed } from "./new-container.ts";
import type { Runtime } from "./open-runtime.ts";
import { untilBack } from "./until-back.ts";

/** Starts a new task; where that fails nothing stays of it. */
export async function startTask(runtime: Runtime, task: Task): Promise<void> {
  try {
    await untilBack(runtime, () => task.start());
  } catch (error) {
    await removeFailed(runtime, task.id, error);
    throw error;
  }
}
