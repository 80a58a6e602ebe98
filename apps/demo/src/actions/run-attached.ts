import type { Task } from "@taskio/containerd";
import type { Runtime } from "../client/open-runtime.ts";
import { cleanUp } from "../client/remove-task.ts";
import { startTask } from "../client/start-task.ts";
import type { RunOptions } from "../commands/run.ts";
import { follow } from "../foreground/follow.ts";
import { sayDetached } from "../foreground/say-detached.ts";
import type { TaskInput } from "../foreground/task-input.ts";

/** Starts a task and stays with it. */
export async function runAttached(
  runtime: Runtime,
  task: Task,
  input: TaskInput,
  options: RunOptions,
): Promise<number> {
  const start = () => startTask(runtime, task);
  const end = await follow(task, { runtime, input, start, sigProxy: true, endStdin: true });
  await task.detach();
  if (end.why === "detached") sayDetached(task.id, options);
  else if (options.rm && end.why !== "output-failed") await cleanUp(runtime.client, task.id);
  return end.exitCode;
}
