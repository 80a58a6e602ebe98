import type { Container } from "@taskio/containerd";
import { TaskIOError, validateID } from "@taskio/core";
import { commandLine } from "../cli/command-line.ts";
import { shellWord } from "../cli/shell-word.ts";
import { checkImage, notUsable } from "./check-image.ts";
import type { ContainerPlan } from "./container-plan.ts";
import { foreignCommand } from "./foreign-command.ts";
import { isNotFound } from "./is-not-found.ts";
import type { Runtime } from "./open-runtime.ts";
import { randomName } from "./random-name.ts";
import { containerSpec, hostSpec } from "./task-spec.ts";
import { isUnavailable } from "./until-back.ts";

/** What a container is made of. */
export interface ContainerParts {
  /** A random name without it. */
  readonly name: string | undefined;
  readonly plan: ContainerPlan;
  readonly labels: (id: string) => Readonly<Record<string, string>>;
}

/** How many random names are tried. */
const attempts = 20;

/** @throws TaskIOError `IN_USE` when the name is taken, `NOT_FOUND` (an image, a folder), `INVALID_ID` */
export async function newContainer(
  runtime: Runtime,
  { name, plan, labels }: ContainerParts,
): Promise<Container> {
  if (plan.kind === "image") await checkImage(runtime, plan.image);
  for (let attempt = 1; ; attempt++) {
    const id = name ?? randomName();
    try {
      return await make(runtime, plan, { id, labels: labels(id) });
    } catch (error) {
      if (!isInUse(error)) throw error;
      if (name !== undefined) throw await taken(runtime, { name, plan }, error);
      if (attempt === attempts) throw error;
    }
  }
}

interface Identity {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

function make(runtime: Runtime, plan: ContainerPlan, identity: Identity): Promise<Container> {
  const { client } = runtime;
  switch (plan.kind) {
    case "process":
      return client.containers.create({ ...identity, spec: hostSpec(plan.process) });
    case "host": {
      const spec = containerSpec(plan, { ...identity, namespace: client.namespace });
      return client.containers.create({ ...identity, spec });
    }
    case "rootfs": {
      const { rootfs, args, spec } = plan;
      return client.createContainer({ ...identity, rootfs, args, spec });
    }
    case "image": {
      const { image, snapshotter, args, spec } = plan;
      const from = { image, ...(snapshotter !== undefined && { snapshotter }) };
      const made = client.createContainer({ ...identity, ...from, args, spec });
      return made.catch((error) => Promise.reject(notUsable(runtime, image, error)));
    }
  }
}

/** Refuses a name before anything is done for it. */
export function checkName(name: string | undefined): void {
  if (name !== undefined) validateID(name);
}

/**
 * Removes the container of a task that could not be made or started. Where nothing says whether it was,
 * the container stays: without it nobody would find the task.
 */
export async function removeFailed({ client }: Runtime, id: string, error: unknown): Promise<void> {
  if (!isUnavailable(error)) await client.containers.delete(id, { snapshot: true }).catch(() => {});
}

function isInUse(error: unknown): error is TaskIOError {
  return error instanceof TaskIOError && error.code === "IN_USE";
}

/** By a container, or by a snapshot alone, which others leave behind. */
async function taken(
  runtime: Runtime,
  { name, plan }: { readonly name: string; readonly plan: ContainerPlan },
  cause: TaskIOError,
): Promise<TaskIOError> {
  const lost = await runtime.client.containers.get(name).then(() => false, isNotFound);
  const remedy = lost
    ? `remove what has it with ${foreignCommand("ctr", removal(plan, name, cause), runtime)}`
    : `remove that task with ${commandLine(runtime.options)(`rm ${name}`)}`;
  const what = lost ? "by a snapshot without a container" : "";
  const message = `the name "${name}" is taken${what && ` ${what}`}: choose another one, or ${remedy}`;
  return new TaskIOError("IN_USE", message, { cause });
}

/** The namespace's snapshotter, where none was given, is named by the error. */
function removal(plan: ContainerPlan, key: string, { message }: TaskIOError): string {
  const given = plan.kind === "image" ? plan.snapshotter : undefined;
  const snapshotter = given ?? /\bclient\.snapshots\("(.+?)"\)/.exec(message)?.[1];
  const flags = snapshotter === undefined ? "" : ` --snapshotter ${shellWord(snapshotter)}`;
  return `snapshots${flags} rm ${key}`;
}
