import type { DaemonFolder } from "../daemon-folder.ts";
import { runcContainers } from "./runc-containers.ts";

/** Ends the tasks that shims have left, frozen ones too, and removes their cgroups. */
export async function deleteContainers(folder: DaemonFolder, runc: string): Promise<void> {
  const deletions = runcContainers(folder).map(({ root, id }) =>
    Bun.spawn([runc, "--root", root, "delete", "--force", id], {
      stdio: ["ignore", "ignore", "ignore"], // what is left is seen later
    }),
  );
  await Promise.all(deletions.map(({ exited }) => exited));
}
