import { runtimeDir } from "@taskio/taskd";
import { rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
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

/** Removes that file and its folders, as far as nothing else is in them. */
export function removeLog(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  let folder = path;
  for (let level = 0; level < 3; level++) {
    folder = dirname(folder);
    try {
      rmdirSync(folder);
    } catch {
      return; // others' are in it
    }
  }
}
