import { TaskIOError } from "@taskio/core";
import { lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { logName } from "../client/log-path.ts";

/** The file that was made for the output of a task. */
export interface LogFile {
  readonly namespace: string;
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
  /** When the file or its folder was last changed, in ms since 1970. */
  readonly changed: number;
}

/** The log files in a folder, as `logPath` names them. */
export function logFilesIn(dir: string): LogFile[] {
  return list(dir).flatMap((namespace) =>
    list(join(dir, namespace)).flatMap((id) => {
      const path = join(dir, namespace, id, logName);
      const found = look(path);
      return found ? [{ namespace, id, path, ...found }] : [];
    }),
  );
}

/** Whether it is still as it was found. */
export function isUnchanged({ path, bytes, changed }: LogFile): boolean {
  const now = look(path);
  return now?.bytes === bytes && now.changed === changed;
}

function look(path: string): Pick<LogFile, "bytes" | "changed"> | undefined {
  try {
    const stats = lstatSync(path);
    if (!stats.isFile()) return undefined;
    const { ctimeMs } = lstatSync(dirname(path));
    return { bytes: stats.size, changed: Math.max(stats.ctimeMs, ctimeMs) };
  } catch {
    return undefined; // it is gone, or nobody's to look at
  }
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    const failure = TaskIOError.from(error, "ENGINE_FAILED", `list "${dir}"`);
    if (failure.code === "NOT_FOUND" || failure.errno === "ENOTDIR") return [];
    throw failure;
  }
}
