import { rmSync } from "node:fs";
import { join } from "node:path";
import type { DaemonFolder } from "../daemon-folder.ts";
import { type TaskName, tasksOf } from "./tasks-of.ts";

/** Where shims have their sockets, whatever the daemon's state folder is. */
const folderOfSockets = "/run/containerd/s";

/** Removes the sockets of shims that were killed, which leave them. */
export function removeShimSockets(folder: DaemonFolder): void {
  for (const task of tasksOf(folder)) rmSync(socketOf(folder.address, task), { force: true });
}

/** As the shim makes it of the daemon's address, the namespace and the id. */
function socketOf(address: string, { namespace, id }: TaskName): string {
  const path = join(address, namespace, id);
  return join(folderOfSockets, new Bun.CryptoHasher("sha256").update(path).digest("hex"));
}
