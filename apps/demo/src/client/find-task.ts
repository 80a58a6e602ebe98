import type { Client, Container, ProcessStatus } from "@taskio/containerd";
import { TaskIOError } from "@taskio/core";
import { commandLine } from "../cli/command-line.ts";
import type { Runtime } from "./open-runtime.ts";
import { orNone } from "./or-none.ts";
import { resolveName } from "./resolve-name.ts";

/** A container and its task, which it may have lost. */
export interface Found {
  /** Its id may be another than the name that it was found by. */
  readonly container: Container;
  readonly status: ProcessStatus | undefined;
}

/** @throws TaskIOError `NOT_FOUND` naming what was looked for, when there is no such container */
export async function findContainer(runtime: Runtime, name: string): Promise<Found> {
  return withStatus(runtime.client, await resolveName(runtime, name));
}

/** A container, and what its task does. */
export async function withStatus(client: Client, container: Container): Promise<Found> {
  return { container, status: await orNone(client.tasks.get(container.id)) };
}

/** A container that has a task. */
export interface FoundTask extends Found {
  readonly id: string;
  /** What it was asked for with. */
  readonly name: string;
  readonly status: ProcessStatus;
}

/** As {@link findContainer}, for what needs the task: it is not found either where it is missing. */
export async function findTask(runtime: Runtime, name: string): Promise<FoundTask> {
  return withTask(runtime, name, await findContainer(runtime, name));
}

/** @throws TaskIOError `NOT_FOUND` where the task is missing */
export function withTask(
  { options }: Runtime,
  name: string,
  { container, status }: Found,
): FoundTask {
  if (status) return { id: container.id, name, container, status };
  const rm = commandLine(options)(`rm ${name}`);
  const message = `"${name}" has no task, it was never started or its task was removed: ${rm} removes the rest`;
  throw new TaskIOError("NOT_FOUND", message);
}
