import type { Client, Container, OCIProcess } from "@taskio/containerd";
import { TaskIOError, validateID } from "@taskio/core";
import { randomName } from "./random-name.ts";
import type { Runtime } from "./open-runtime.ts";
import { containerSpec, hostSpec } from "./task-spec.ts";

/** What a container is made of. */
export interface ContainerParts {
  /** A random name without it. */
  readonly name: string | undefined;
  readonly process: OCIProcess;
  readonly labels: (id: string) => Readonly<Record<string, string>>;
}

/** How many random names are tried. */
const attempts = 20;

/** @throws TaskIOError `IN_USE` when the name is taken, `INVALID_ID` */
export async function newContainer(
  { client, embedded }: Runtime,
  { name, process, labels }: ContainerParts,
): Promise<Container> {
  const spec = embedded ? hostSpec(process) : containerSpec(process);
  for (let attempt = 1; ; attempt++) {
    const id = name ?? randomName();
    try {
      return await client.containers.create({ id, spec, labels: labels(id) });
    } catch (error) {
      if (!isInUse(error)) throw error;
      if (name !== undefined) throw nameTaken(name, error);
      if (attempt === attempts) throw error;
    }
  }
}

/** Refuses a name before anything is done for it. */
export function checkName(name: string | undefined): void {
  if (name !== undefined) validateID(name);
}

/** Removes the container of a task that could not be started. */
export async function removeFailed(client: Client, id: string): Promise<void> {
  await client.containers.delete(id).catch(() => {}); // the error to be told is the start's
}

function isInUse(error: unknown): boolean {
  return error instanceof TaskIOError && error.code === "IN_USE";
}

function nameTaken(name: string, cause: unknown): TaskIOError {
  return new TaskIOError(
    "IN_USE",
    `the name "${name}" is taken: choose another one, or remove that task with "taskio rm ${name}"`,
    { cause },
  );
}
