import type { DaemonFolder } from "../daemon-folder.ts";
import { cgroupsOf, removeCgroups } from "./cgroups.ts";
import { deleteContainers } from "./delete-containers.ts";
import { end, endTools, tasksIn } from "./end-processes.ts";
import { removeFolder } from "./remove-folder.ts";
import { removeShimSockets } from "./shim-sockets.ts";

/**
 * Ends a daemon, its shims and its tasks, and removes what they have made: cgroups, sockets, mounts, the
 * folder. All of it is found by the folder alone, so that it works for a daemon that another process
 * has left.
 *
 * @throws AggregateError of what could not be done; the rest is done then
 */
export async function cleanUp(folder: DaemonFolder, runc: string): Promise<void> {
  const tasks = tasksIn(folder.path);
  let cgroups: string[] = [];
  const steps = [
    () => endTools(folder.path),
    () => void (cgroups = cgroupsOf(folder)),
    () => deleteContainers(folder, runc), // only runc ends a frozen task
    () => end(tasks),
    () => removeCgroups(cgroups),
    () => removeShimSockets(folder),
    () => removeFolder(folder.path),
  ];
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${folder.path} could not be cleaned up`);
}
