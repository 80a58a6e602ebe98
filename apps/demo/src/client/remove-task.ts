import type { Client } from "@taskio/containerd";
import { TaskIOError } from "@taskio/core";
import { tell } from "../cli/print.ts";
import { findContainer, isNotFound } from "./find-task.ts";
import { labels } from "./labels.ts";
import { removeLog } from "./log-path.ts";

/**
 * Removes a task, its container, its FIFOs and the file that was made for its output.
 *
 * @throws TaskIOError `IN_USE` where it runs, unless it is to be killed
 */
export async function removeTask(client: Client, id: string, { kill = false } = {}): Promise<void> {
  const { container, status } = await findContainer(client, id);
  if (status) {
    if (!kill && !["stopped", "created"].includes(status.state)) throw running(id, status.state);
    await deleteTask(client, id, kill);
  }
  await client.containers.delete(id).catch(unlessGone);
  const log = container.labels[labels.log];
  if (log) removeLog(log);
}

async function deleteTask(client: Client, id: string, kill: boolean): Promise<void> {
  try {
    const task = await client.loadTask(id);
    await task.delete({ kill, grace: 0 });
  } catch (error) {
    unlessGone(error);
  }
}

/** Somebody else may be quicker. */
function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

/** Removes a task after its end. That this fails is told, and is not what the task ended with. */
export async function cleanUp(client: Client, id: string): Promise<void> {
  try {
    await removeTask(client, id, { kill: true });
  } catch (error) {
    if (!isNotFound(error)) tell(error instanceof Error ? error.message : String(error));
  }
}

function running(id: string, state: string): TaskIOError {
  return new TaskIOError(
    "IN_USE",
    `the task "${id}" is ${state}: end it first, or remove it with "taskio rm -f ${id}"`,
  );
}
