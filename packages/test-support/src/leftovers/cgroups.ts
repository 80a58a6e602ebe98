import { readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import type { DaemonFolder } from "../daemon-folder.ts";
import { until } from "../until.ts";
import { mounts } from "./mounts.ts";
import { runcContainers } from "./runc-containers.ts";
import { tasksOf } from "./tasks-of.ts";
import { textOf } from "./text-of.ts";

/**
 * The cgroups that a daemon's tasks may have: those that runc has written down, and, as it may have been
 * killed before that, `/<namespace>/<id>`, which clients ask for, and `<id>` in the daemon's own, which
 * is the default. To be asked before the tasks are deleted.
 */
export function cgroupsOf(folder: DaemonFolder): string[] {
  const tasks = tasksOf(folder);
  const namespaces = tasks.map(({ namespace }) => namespace);
  const asked = tasks.map(({ namespace, id }) => join(namespace, id));
  const byDefault = ownCgroups(folder).flatMap((own) => tasks.map(({ id }) => join(own, id)));
  const paths = [...new Set([...namespaces, ...asked, ...byDefault])];
  const possible = hierarchies().flatMap((top) => paths.map((path) => join(top, path)));
  return [...runcContainers(folder).flatMap(({ state }) => writtenDown(state)), ...possible];
}

/** Removes cgroups; those that have others in them, or that are in use, are not only ours. */
export async function removeCgroups(cgroups: readonly string[]): Promise<void> {
  for (const path of [...cgroups].sort((a, b) => b.length - a.length)) {
    // A process that was killed is in its cgroup a little longer.
    await until(() => isRemoved(path) || hasChildren(path), path, { ms: 1000 }).catch(() => {});
  }
}

function hierarchies(): string[] {
  return mounts().flatMap(({ path, type }) => (type.startsWith("cgroup") ? [path] : []));
}

/** Of the process that has started the daemon, as it was then. See cgroups(7). */
function ownCgroups({ cgroups }: DaemonFolder): string[] {
  const lines = textOf(cgroups).trim().split("\n");
  return [...new Set(lines.map((line) => line.replace(/^\d+:[^:]*:/, "")))];
}

function writtenDown(state: string): string[] {
  const text = textOf(state);
  if (!text) return [];
  const { cgroup_paths } = JSON.parse(text) as { cgroup_paths?: Record<string, string> };
  return Object.values(cgroup_paths ?? {});
}

function isRemoved(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function hasChildren(path: string): boolean {
  try {
    return readdirSync(path, { withFileTypes: true }).some((entry) => entry.isDirectory());
  } catch {
    return false;
  }
}
