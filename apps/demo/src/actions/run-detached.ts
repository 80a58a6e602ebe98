import type { Task } from "@taskio/containerd";
import { globalArgs } from "../cli/global-options.ts";
import { printLines, tell } from "../cli/print.ts";
import type { Runtime } from "../client/open-runtime.ts";
import { startTask } from "../client/start-task.ts";
import type { StreamPlan } from "../client/stream-plan.ts";
import type { RunOptions } from "../commands/run.ts";

/** Starts a task and leaves it at once. */
export async function runDetached(
  runtime: Runtime,
  task: Task,
  { kind }: StreamPlan,
  options: RunOptions,
): Promise<number> {
  await startTask(runtime, task);
  await task.detach();
  printLines(task.id);
  if (kind === "held") {
    tell(
      `its output is held, 64 KiB at most, after which the task waits, for "taskio${globalArgs(options)} attach ${task.id}"`,
    );
  }
  return 0;
}
