import fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { TaskIOError } from "@taskio/core";
import { LogPart, statOf } from "./log-part.ts";

const maxTries = 100;
/** What comes after the log's name: nothing for the newest file. */
const partSuffix = /^(?:\.([1-9]\d*)(\.gz)?)?$/;

/**
 * Opens all files of a log, the oldest first: `<f>.2.gz`, `<f>.1`, `<f>`. None where there is none.
 *
 * They are what the names meant at one moment, although a writer may rotate them now: a rotation gives
 * a file a higher number, never a lower one, so what a name means after all were opened, and meant when
 * it was opened itself, it meant all the time between.
 *
 * @throws TaskIOError `INVALID_ARGUMENT` where the newest one is no regular file, `PERMISSION`,
 *   `UNAVAILABLE` when the names change all the time
 */
export async function openChain(path: string): Promise<LogPart[]> {
  for (let tries = 1; tries <= maxTries; tries++) {
    const parts = tryToOpen(path);
    if (parts) return parts;
    await Bun.sleep(Math.min(tries - 1, 10));
  }
  const message = `the files of the log ${JSON.stringify(path)} are renamed all the time`;
  throw new TaskIOError("UNAVAILABLE", `${message}: let it rotate less often`, { path });
}

/** Undefined where the names have changed meanwhile. */
function tryToOpen(path: string): LogPart[] | undefined {
  checkNewest(path);
  const names = partNames(path);
  const parts: LogPart[] = [];
  let isOne = false;
  try {
    const opened = names.map((name) => {
      const part = LogPart.open(name);
      if (part) parts.push(part);
      return part;
    });
    isOne =
      names.every((name, index) => stillMeans(name, opened[index])) &&
      String(partNames(path)) === String(names);
    return isOne ? parts : undefined;
  } finally {
    if (!isOne) closeAll(parts);
  }
}

/** For a name that led to no part: whether it still does not. */
function stillMeans(name: string, part: LogPart | undefined): boolean {
  const stats = statOf(name);
  return part ? part.is(stats) : !stats?.isFile();
}

export function closeAll(parts: readonly LogPart[]): void {
  for (const part of parts) part[Symbol.dispose]();
}

function checkNewest(path: string): void {
  const stats = statOf(path);
  if (!stats || stats.isFile()) return;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `${JSON.stringify(path)} is no regular file, so it is no log: give the path of its newest file`,
    { path },
  );
}

/** Their paths, the oldest first. A part that is being compressed has two names: the plain one counts. */
function partNames(path: string): string[] {
  const folder = dirname(path);
  const name = basename(path);
  const byNumber = new Map<number, string>();
  for (const entry of entriesOf(folder)) {
    const found = entry.startsWith(name) && partSuffix.exec(entry.slice(name.length));
    if (!found) continue;
    const [, number = 0, gz] = found;
    const age = Number(number);
    if (!gz || !byNumber.has(age)) byNumber.set(age, join(folder, entry));
  }
  return [...byNumber].sort(([a], [b]) => b - a).map(([, part]) => part);
}

function entriesOf(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw TaskIOError.from(error, "SOURCE_FAILED", `list the folder ${JSON.stringify(folder)}`);
  }
}
