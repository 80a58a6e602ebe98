import { TaskIOError } from "@taskio/core";
import { statSync } from "node:fs";
import { basename, dirname, isAbsolute, resolve } from "node:path";
import type { Runtime } from "../client/open-runtime.ts";
import { streamDirs } from "../client/stream-dirs.ts";
import type { Census } from "./census.ts";

/** The streams that tasks name, as far as they are paths. */
export function namedPaths({ residents }: Census): string[] {
  return residents.flatMap(({ status }) => {
    const { stdin = "", stdout = "", stderr = "" } = status?.config ?? {};
    return [stdin, stdout, stderr].filter(isAbsolute);
  });
}

/**
 * The folders that clients make FIFO folders in: the usual one, those that were given, and those of
 * tasks, which have that name wherever they are. Others may have more than FIFO folders in them.
 *
 * @throws TaskIOError `NOT_FOUND`, `INVALID_ARGUMENT` for one that was given and is no folder
 */
export function fifoDirs(
  runtime: Runtime,
  named: readonly string[],
  given: readonly string[],
): string[] {
  const ofTasks = named.map((path) => dirname(dirname(path)));
  const usual = ofTasks.filter((dir) => basename(dir) === "fifo");
  return [...new Set([streamDirs(runtime).fifoDir, ...usual, ...given.map(checked)])];
}

function checked(dir: string): string {
  const path = resolve(dir);
  const isFolder = (() => {
    try {
      return statSync(path).isDirectory();
    } catch (error) {
      throw TaskIOError.from(error, "NOT_FOUND", `look into the --fifo-dir "${dir}"`);
    }
  })();
  if (isFolder) return path;
  throw new TaskIOError("INVALID_ARGUMENT", `the --fifo-dir "${dir}" is no folder`, { path });
}
