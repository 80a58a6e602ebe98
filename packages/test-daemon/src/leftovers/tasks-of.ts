import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { DaemonFolder } from "../daemon-folder.ts";
import { textOf } from "./text-of.ts";

/** A task by its names. */
export interface TaskName {
  readonly namespace: string;
  readonly id: string;
}

/** A task's folder. */
export interface TaskFolder extends TaskName {
  readonly path: string;
}

/** All tasks that a daemon ever had: those that are still there, and those in its log. */
export function tasksOf(folder: DaemonFolder): TaskName[] {
  return [...bundles(folder), ...runcContainers(folder), ...loggedTasks(folder)];
}

/** What the shims work in, of the tasks that were not deleted. */
export function bundles({ state }: DaemonFolder): TaskFolder[] {
  return below(join(state, "io.containerd.runtime.v2.task"));
}

/** Where runc keeps the containers that were not deleted. */
export function runcContainers({ runcRoot }: DaemonFolder): TaskFolder[] {
  return below(runcRoot);
}

/** Version 1.6 logs the bundle of each shim that starts, version 2 its id. */
function loggedTasks({ log }: DaemonFolder): TaskName[] {
  const ofV1 = / namespace=(?<namespace>\S+) path=(?<id>\S+)/g;
  const ofV2 = /"connecting to shim (?<id>\S+)" .*namespace=(?<namespace>\S+)/g;
  const text = textOf(log);
  return [...text.matchAll(ofV1), ...text.matchAll(ofV2)].map(({ groups }) => ({
    namespace: groups!["namespace"]!,
    id: basename(groups!["id"]!),
  }));
}

function below(folder: string): TaskFolder[] {
  return entries(folder).flatMap((namespace) =>
    entries(join(folder, namespace)).map((id) => ({
      path: join(folder, namespace, id),
      namespace,
      id,
    })),
  );
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
