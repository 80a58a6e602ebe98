import type { Client, ProcessStatus } from "@taskio/containerd";
import { TaskIOError } from "@taskio/core";
import { tell } from "../cli/print.ts";
import { type Found, findContainer, withStatus } from "./find-task.ts";
import { isNotFound } from "./is-not-found.ts";
import { labels } from "./labels.ts";
import { removeLog } from "./log-path.ts";

/**
 * Removes a task that somebody named, its container and snapshot, its FIFOs and the file that was made
 * for its output.
 *
 * @throws TaskIOError `IN_USE` where it runs, unless it is to be killed
 */
export async function removeTask(client: Client, name: string, { kill = false } = {}) {
  const found = await findContainer(client, name);
  const { state = "stopped" } = found.status ?? {};
  if (!kill && !["stopped", "created"].includes(state)) throw running(name, state);
  await remove(client, found, async (status) => {
    const task = await client.loadTask(status.id);
    await task.delete({ kill, grace: 0 });
  });
}

async function remove(
  client: Client,
  { container, status }: Found,
  deleteTask: (status: ProcessStatus) => Promise<unknown>,
): Promise<void> {
  const { id } = container;
  if (status) await deleteTask(status).catch(unlessGone);
  await client.containers.delete(id, { snapshot: true }).catch(unlessGone);
  const log = container.labels[labels.log];
  if (log) removeLog(log);
}

/** Somebody else may be quicker. */
function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

/**
 * Removes a task of exactly this id after its end. That this fails is told, and is not what the task
 * ended with.
 */
export async function cleanUp(client: Client, id: string): Promise<void> {
  try {
    const found = await withStatus(client, await client.containers.get(id));
    await remove(client, found, async () => {
      const task = await client.loadTask(id);
      await task.delete({ kill: true, grace: 0 });
    });
  } catch (error) {
    if (!isNotFound(error)) tell(error instanceof Error ? error.message : String(error));
  }
}

function running(name: string, state: string): TaskIOError {
  return new TaskIOError(
    "IN_USE",
    `the task "${name}" is ${state}: end it first, or remove it with "taskio rm -f ${name}"`,
  );
}
