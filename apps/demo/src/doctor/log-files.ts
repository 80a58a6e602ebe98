import { TaskIOError } from "@taskio/core";
import { lstatSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isPartOfLog, logName } from "../client/log-path.ts";

/** The log that was made for the output of a task. */
export interface LogFile {
  readonly namespace: string;
  readonly id: string;
  /** Of its newest file. */
  readonly path: string;
  readonly bytes: number;
  /** When its files or their folder were last changed, in ms since 1970. */
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

/** Its older parts are counted in. */
function look(path: string): Pick<LogFile, "bytes" | "changed"> | undefined {
  try {
    const folder = dirname(path);
    const names = readdirSync(folder).filter((name) => isPartOfLog(name));
    const parts = names.map((name) => lstatSync(join(folder, name)));
    if (!names.includes(basename(path)) || !parts.every((stats) => stats.isFile()))
      return undefined;
    return {
      bytes: parts.reduce((sum, { size }) => sum + size, 0),
      changed: Math.max(lstatSync(folder).ctimeMs, ...parts.map(({ ctimeMs }) => ctimeMs)),
    };
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
