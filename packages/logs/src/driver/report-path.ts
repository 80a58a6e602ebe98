import { lstatSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TaskIOError, validateID } from "@taskio/core";

/**
 * Where `runDriver` reports that the driver of a task has failed, when it is given no other path: in
 * `/run/taskio/drivers` for root, else in `taskio/drivers` of `/run/user/UID`, else in
 * `/tmp/taskio-UID/drivers`. Root of a user namespace, as in rootless containerd, counts
 * as the user who made it.
 *
 * @throws TaskIOError `INVALID_ID`
 *
 * @example
 * ```ts
 * import { driverReportPath } from "@taskio/logs";
 *
 * console.log(driverReportPath("default", "web-1")); // /…/drivers/default/web-1.txt
 * ```
 */
export function driverReportPath(namespace: string, id: string): string {
  validateID(namespace);
  validateID(id);
  return join(baseFolder(), "drivers", namespace, `${id}.txt`);
}

/**
 * Makes the folders of a {@link driverReportPath} that are missing.
 *
 * @throws TaskIOError `PERMISSION` where one is not this user's alone to write: in the temp folder,
 * anybody can make it first
 */
export function makeReportFolders(path: string): void {
  for (const folder of reportFolders(path)) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw TaskIOError.from(error, "UNAVAILABLE", `make the folder "${folder}"`);
      }
    }
    if (isOwn(folder)) continue;
    throw new TaskIOError(
      "PERMISSION",
      `"${folder}" is not a folder that only this user may write to: remove it, or give another path for the report`,
      { path: folder },
    );
  }
}

/** Whether the folders of a {@link driverReportPath} are there, and this user's alone to write. */
export function hasReportFolders(path: string): boolean {
  return reportFolders(path).every(isOwn);
}

/** From the first one that may have to be made. */
function reportFolders(path: string): [base: string, drivers: string, namespace: string] {
  const namespace = dirname(path);
  const drivers = dirname(namespace);
  return [dirname(drivers), drivers, namespace];
}

/** The same whatever the environment says: a driver has none. */
function baseFolder(): string {
  const uid = hostUid();
  if (uid === 0) return "/run/taskio";
  const runtime = `/run/user/${uid}`;
  return isOwn(runtime) ? join(runtime, "taskio") : `/tmp/taskio-${uid}`;
}

function isOwn(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory() || stats.uid !== process.geteuid!()) return false;
  return (stats.mode & 0o022) === 0;
}

/** This user's id outside the user namespace. See user_namespaces(7). */
function hostUid(): number {
  const uid = process.geteuid!();
  for (const line of uidMap().trim().split("\n")) {
    const [inside = NaN, outside = NaN, count = NaN] = line.trim().split(/\s+/).map(Number);
    if (uid >= inside && uid < inside + count) return outside + uid - inside;
  }
  return uid;
}

function uidMap(): string {
  try {
    return readFileSync("/proc/self/uid_map", "utf8");
  } catch {
    return "";
  }
}
