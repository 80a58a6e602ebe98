import type { DaemonFolder } from "../daemon-folder.ts";
import { textOf } from "./text-of.ts";

/** A task by its names. */
export interface TaskName {
  readonly namespace: string;
  readonly id: string;
}

/** All tasks that a daemon ever had: those for which a shim was started. */
export function tasksOf({ shims }: DaemonFolder): TaskName[] {
  const lines = textOf(shims).matchAll(/^-namespace (\S+) .*-id (\S+)/gm);
  return [...lines].map(([, namespace = "", id = ""]) => ({ namespace, id }));
}
