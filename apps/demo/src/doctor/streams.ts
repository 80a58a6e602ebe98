import { type FIFOHolder, fifoHolders, unreadBytes } from "@taskio/fifo/holders";
import { lstatSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { outputKind } from "../client/output-kind.ts";
import { type IsReader, readersIn } from "../client/readers.ts";
import type { Census } from "./census.ts";
import type { Examined } from "./examined.ts";
import { type ExecOutput, execOwners } from "./exec-owner.ts";

/** An output that something is to be said of. */
export interface FoundStream {
  /** Undefined where that is not known, of an exec. */
  readonly namespace: string | undefined;
  readonly task: string | undefined;
  /** The id of an exec; undefined for the task's own process. */
  readonly exec: string | undefined;
  readonly stream: "stdout" | "stderr";
  readonly path: string;
  /**
   * `blocked`: it is full and nobody reads it. `slow`: it is full, somebody reads it. `unread`: something
   * waits, nobody reads it. `lost`: its FIFO is not there any more. `unseen`: how full it is can't be seen.
   */
  readonly state: "blocked" | "slow" | "unread" | "lost" | "unseen";
  readonly readers: readonly FIFOHolder[];
  readonly bytes: number | undefined;
  readonly capacity: number | undefined;
}

/** The outputs in FIFOs. */
export interface Streams {
  /** How many were looked at. */
  readonly count: number;
  readonly found: readonly FoundStream[];
  /** Why processes may have been missed that have them open. */
  readonly incomplete: string | undefined;
}

type Output = Pick<FoundStream, "namespace" | "task" | "exec" | "stream" | "path"> & {
  readonly running: boolean;
};

const streams = ["stdout", "stderr"] as const;

/** Looks at all outputs in FIFOs, those of execs in the folders too. None is opened. */
export async function examineStreams(
  runtime: Examined,
  census: Census,
  dirs: readonly string[],
): Promise<Streams> {
  const ofTasks = outputsOf(census);
  const named = new Set(ofTasks.map(({ path }) => path));
  const others = dirs.flatMap(outputsIn).filter(({ path }) => !named.has(path));
  const paths = [...ofTasks, ...others].map(({ path }) => path);
  const { holders, incomplete } = fifoHolders(paths);
  const owners = await execOwners(runtime, census, others, holders);
  const ofExecs = others.flatMap((output): Output[] => {
    const owner = owners.get(output.path);
    return owner ? [{ ...output, ...owner, running: true }] : [];
  });
  const isReader = await readersIn(runtime);
  const all = [...ofTasks, ...ofExecs];
  const found = all.flatMap((output) => look(output, holders.get(output.path) ?? [], isReader));
  return { count: all.length, found, incomplete };
}

function look(
  { running, ...output }: Output,
  holders: readonly FIFOHolder[],
  isReader: IsReader,
): FoundStream[] {
  const readers = holders.filter(isReader);
  const { bytes, capacity, full } = unreadBytes(output.path, holders) ?? {};
  const found = (state: FoundStream["state"]) => [{ ...output, state, readers, bytes, capacity }];
  if (bytes === undefined) {
    if (!running) return [];
    return isGone(output.path) ? found("lost") : found("unseen");
  }
  if (readers.length > 0) return full ? found("slow") : [];
  if (full) return found("blocked");
  return bytes > 0 ? found("unread") : [];
}

function isGone(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false; // we may not look there
  }
}

function outputsOf({ residents }: Census): Output[] {
  return residents.flatMap(({ namespace, name, status }) => {
    if (!status || !["fifo", "terminal"].includes(outputKind(status.config))) return [];
    const running = !["stopped", "unknown"].includes(status.state);
    return streams.flatMap((stream) => {
      const path = status.config[stream];
      if (!path.startsWith("/") || path === "/dev/null") return [];
      return [{ namespace, task: name, exec: undefined, stream, path, running }];
    });
  });
}

/** What is in the FIFO folders of a folder, as clients name it. */
function outputsIn(dir: string): ExecOutput[] {
  return list(dir).flatMap((folder) =>
    list(folder).flatMap((path) => {
      const [, exec, stream] = /^(.+)-(stdout|stderr)$/.exec(basename(path)) ?? [];
      if (!exec) return [];
      return [{ exec, stream: stream as "stdout" | "stderr", path }];
    }),
  );
}

/** What can't be listed is told where abandoned folders are looked for. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
