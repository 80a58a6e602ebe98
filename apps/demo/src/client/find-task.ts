import type { Client, Container, ProcessStatus } from "@taskio/containerd";
import { TaskIOError } from "@taskio/core";

/** A container and its task, which it may have lost. */
export interface Found {
  readonly container: Container;
  readonly status: ProcessStatus | undefined;
}

/** @throws TaskIOError `NOT_FOUND` naming the id, when there is no such container */
export async function findContainer(client: Client, id: string): Promise<Found> {
  const container = await client.containers.get(id).catch((error) => {
    throw isNotFound(error) ? noTask(id, error) : error;
  });
  const status = await client.tasks.get(id).catch((error) => {
    if (!isNotFound(error)) throw error;
    return undefined;
  });
  return { container, status };
}

/** A container that has a task. */
export interface FoundTask extends Found {
  readonly status: ProcessStatus;
}

/** As {@link findContainer}, for what needs the task: it is not found either where it is missing. */
export async function findTask(client: Client, id: string): Promise<FoundTask> {
  const { container, status } = await findContainer(client, id);
  if (status) return { container, status };
  throw new TaskIOError("NOT_FOUND", `"${id}" was never started: remove it with "taskio rm ${id}"`);
}

/** Whether an error says that something is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof TaskIOError && error.code === "NOT_FOUND";
}

function noTask(id: string, cause: unknown): TaskIOError {
  return new TaskIOError("NOT_FOUND", `no task "${id}": see "taskio ls"`, { cause });
}
