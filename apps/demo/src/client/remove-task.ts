import type { Client, ProcessStatus } from "@taskio/containerd";
import { TaskIOError } from "@taskio/core";
import { commandLine } from "../cli/command-line.ts";
import { tell } from "../cli/print.ts";
import { type Found, findContainer, withStatus } from "./find-task.ts";
import { isNotFound } from "./is-not-found.ts";
import { labels, set } from "./labels.ts";
import { removeLog } from "./log-path.ts";
import type { Runtime } from "./open-runtime.ts";
import { orNone } from "./or-none.ts";

/**
 * Removes a task that somebody named, its container and snapshot, its FIFOs and the file that was made
 * for its output.
 *
 * @throws TaskIOError `IN_USE` where it runs, unless it is to be killed
 */
export async function removeTask(runtime: Runtime, name: string, { kill = false } = {}) {
  const { client } = runtime;
  const found = await findContainer(runtime, name);
  const { state = "stopped" } = found.status ?? {};
  if (!kill && !["stopped", "created"].includes(state)) throw running(runtime, name, state);
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
  if (status) await orNone(deleteTask(status)); // somebody else may be quicker
  await orNone(client.containers.delete(id, { snapshot: true }));
  if (status && container.labels[labels.hub] === set) {
    const { untilHubEnded } = await import("./task-hub.ts");
    await untilHubEnded(status.config); // it writes the log
  }
  const log = container.labels[labels.log];
  if (log) removeLog(log);
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

function running({ options }: Runtime, name: string, state: string): TaskIOError {
  const rm = commandLine(options)(`rm -f ${name}`);
  const message = `the task "${name}" is ${state}: end it first, or remove it with ${rm}`;
  return new TaskIOError("IN_USE", message);
}
