import { report } from "./report.ts";
import type { TaskStore } from "./task-store.ts";

/** How often it is looked for execs that ended long ago, in ms; more often with a short grace. */
const period = 10_000;

/** Forgets execs that nobody deleted, so long after their end: as docker does. */
export function pruneExecs(tasks: TaskStore, graceMs: number): void {
  const prune = () => tasks.pruneExecs(Date.now() - graceMs).catch(report);
  setInterval(prune, Math.min(period, Math.max(10, graceMs / 4)));
}
