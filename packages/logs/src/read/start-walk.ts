import fs from "node:fs";
import { TaskIOError } from "@taskio/core";
import type { LogFormat } from "../format/log-format.ts";
import { detectFormat } from "./detect-format.ts";
import type { LogWatch } from "./log-watch.ts";
import { LogWalk } from "./log-walk.ts";
import { closeAll, openChain } from "./open-chain.ts";
import { checkSelection, type Query } from "./query.ts";
import { selectParts } from "./select-parts.ts";
import { tailOf } from "./tail.ts";
import { unfinishedCopy } from "./unfinished-copy.ts";

/** A log with something in it, and how that is written. */
export interface StartedWalk {
  readonly walk: LogWalk;
  readonly format: LogFormat;
  /** Whether no more will come. */
  readonly isLast: boolean;
}

/**
 * Opens a log where its wanted records begin; waits for it, if it is to be followed.
 *
 * @throws TaskIOError `NOT_FOUND` where there is none, `INVALID_ARGUMENT` where it does not keep what is
 *   asked for
 */
export async function startWalk(query: Query, watch: LogWatch): Promise<StartedWalk> {
  for (;;) {
    const isLast = watch.isOver;
    const path = realPath(query.path);
    watch.path = path;
    const started = await tryToStart(path, query, isLast);
    if (started) return started;
    if (isLast) throw notFound(query.path);
    await watch.changed();
  }
}

async function tryToStart(
  path: string,
  query: Query,
  isLast: boolean,
): Promise<StartedWalk | undefined> {
  const { tail, selection } = query;
  const chain = await openChain(path);
  let walk: LogWalk | undefined;
  try {
    if (chain.length === 0) return undefined;
    const format = query.format ?? (await detectFormat(chain, isLast));
    if (!format) return undefined;
    checkSelection(format, selection);
    const copy = await unfinishedCopy(chain);
    const once = chain.filter((part) => part !== copy);
    const parts = await selectParts(once, format, selection, isLast);
    const portions = await tailOf(parts, tail, format, selection);
    const wanted = portions.map(({ part }) => part);
    const others = chain.filter((part) => !wanted.includes(part));
    // The copy is not known: it is where reading goes on, once the original is truncated.
    const older = others.filter((part) => part !== copy).map((part) => part.identity());
    walk = new LogWalk(path, format, portions, older);
    closeAll(others);
    return { walk, format, isLast };
  } finally {
    if (!walk) closeAll(chain);
  }
}

/** Rotated files are beside the file that a link leads to. */
function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path; // not there, or not yet: opening it says so
  }
}

function notFound(path: string): TaskIOError {
  const message = `there is no log ${JSON.stringify(path)}: check the path, or follow it to wait for it`;
  return new TaskIOError("NOT_FOUND", message, { errno: "ENOENT", syscall: "open", path });
}
