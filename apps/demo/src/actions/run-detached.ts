import type { Task } from "@taskio/containerd";
import { commandLine } from "../cli/command-line.ts";
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
    const attach = commandLine(options)(`attach ${task.id}`);
    const held = `its output is held, 64 KiB at most, after which the task waits, for ${attach}`;
    tell(runtime.embedded ? held : `${held}, and only while it runs: ${elsewhere}`);
  }
  return 0;
}

const elsewhere = '"run -d" without --io keeps it';
