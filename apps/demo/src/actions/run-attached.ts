import type { Client, Task } from "@taskio/containerd";
import { removeFailed } from "../client/new-container.ts";
import { cleanUp } from "../client/remove-task.ts";
import type { RunOptions } from "../commands/run.ts";
import { type End, follow } from "../foreground/follow.ts";
import { sayDetached } from "../foreground/say-detached.ts";
import type { TaskInput } from "../foreground/task-input.ts";

/** Starts a task and stays with it. */
export async function runAttached(
  client: Client,
  task: Task,
  input: TaskInput,
  options: RunOptions,
): Promise<number> {
  const end = await start(task, input).catch(async (error) => {
    await removeFailed(client, task.id);
    throw error;
  });
  await task.detach();
  if (end.why === "detached") sayDetached(task.id, options);
  else if (options.rm && end.why !== "output-failed") await cleanUp(client, task.id);
  return end.exitCode;
}

function start(task: Task, input: TaskInput): Promise<End> {
  return follow(task, { input, start: true, sigProxy: true });
}
