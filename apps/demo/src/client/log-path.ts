import { runtimeDir } from "@taskio/taskd";
import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { hubReportName } from "../hub/hub-report.ts";
import type { Runtime } from "./open-runtime.ts";

/** The name of the file in its folder. */
export const logName = "output.log";

/**
 * Where the outputs of a runtime's tasks are kept that run in the background. Each runtime has a folder
 * of its own, as several may have tasks of the same name, and know nothing of each other's.
 */
export async function logDir({
  client,
  embedded,
}: Pick<Runtime, "client" | "embedded">): Promise<string> {
  if (embedded) return join(runtimeDir(), "tasks");
  const { uuid } = await client.introspection.server();
  return join(runtimeDir(), `tasks-${uuid}`);
}

/** Where the output of a task is kept there: in a folder of its own. */
export function logPath(dir: string, namespace: string, id: string): string {
  return join(dir, namespace, id, logName);
}

/**
 * Removes that file, those that it was rotated into, what its hub said, and the folders, as far as
 * nothing else is in them.
 */
export function removeLog(path: string): void {
  let folder = dirname(path);
  const parts = namesIn(folder).filter((name) => isPartOfLog(name, basename(path)));
  for (const name of parts) rmSync(join(folder, name), { force: true });
  folder = path;
  for (let level = 0; level < 3; level++) {
    folder = dirname(folder);
    try {
      rmdirSync(folder);
    } catch {
      return; // others' are in it
    }
  }
}

/** Whether a file belongs to a log: `output.log.1`, `output.log.2.gz`, `output.log.1.gz.tmp`, … */
export function isPartOfLog(name: string, newest = logName): boolean {
  return name === newest || name.startsWith(`${newest}.`) || name === hubReportName;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
