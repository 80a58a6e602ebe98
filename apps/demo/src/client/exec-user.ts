import { type OCIProcess, type OCISpec, withUser } from "@taskio/containerd";
import type { FoundTask } from "./find-task.ts";

/**
 * The process of a task's container as another user. Names are looked up in the files that the task sees,
 * where we may look there.
 *
 * @param user as `withUser` takes it; undefined for the task's own
 * @throws TaskIOError `INVALID_ARGUMENT`, `NOT_FOUND` (no such user), `UNSUPPORTED` (give numbers)
 */
export function withExecUser(
  { id, container, status }: FoundTask,
  user: string | undefined,
): OCIProcess | undefined {
  const base = container.spec?.process;
  if (user === undefined) return base;
  const spec: OCISpec = { ociVersion: "", process: { ...(base ?? { args: [], cwd: "/" }) } };
  withUser(user)(spec, { id, namespace: "", layers: [`/proc/${status.pid}/root`] });
  return spec.process;
}
