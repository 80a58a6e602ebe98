import type { FIFOHolder } from "@taskio/fifo/holders";
import { readFileSync, realpathSync } from "node:fs";
import { inEachNamespace } from "../client/in-each-namespace.ts";
import { isNotFound } from "../client/is-not-found.ts";
import type { Census } from "./census.ts";
import type { Examined } from "./examined.ts";

/** Whose exec it is, as far as that can be known. */
export interface ExecOwner {
  readonly namespace: string | undefined;
  readonly task: string | undefined;
}

/** An output of an exec, as its FIFO's name tells. */
export interface ExecOutput {
  readonly exec: string;
  readonly stream: "stdout" | "stderr";
  readonly path: string;
}

type OwnerOf = (
  output: ExecOutput,
  holders: readonly FIFOHolder[],
) => Promise<ExecOwner | undefined> | ExecOwner | undefined;

/**
 * Tells whose exec has a FIFO that no task names, by the process that holds it: execs can't be listed.
 *
 * @returns undefined where none of this runtime's holds it
 */
export async function execOwners(examined: Examined, census: Census): Promise<OwnerOf> {
  const { client, embedded } = examined;
  if (!embedded) {
    const address = realPath(client.address);
    return (_, holders) => first(holders, (holder) => ofShim(holder, address));
  }
  const { pid: own } = await client.introspection.server();
  return (output, holders) => {
    if (!holders.some(({ pid }) => pid === own)) return undefined;
    return ofTask(examined, census, output);
  };
}

function first<T, U>(items: readonly T[], look: (item: T) => U | undefined): U | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One process holds the execs of all tasks of the embedded runtime: each task is asked for it. */
async function ofTask(
  { client }: Examined,
  { residents }: Census,
  { exec: execId, stream, path }: ExecOutput,
): Promise<ExecOwner> {
  const [owner] = await inEachNamespace(client, async ({ namespace, tasks }) => {
    const here = residents.filter((one) => one.status && one.namespace === namespace);
    const owned = here.map(async ({ id, name }): Promise<ExecOwner[]> => {
      const status = await tasks.get(id, { execId }).catch(unlessGone);
      return status?.config[stream] === path ? [{ namespace, task: name }] : [];
    });
    return (await Promise.all(owned)).flat();
  });
  return owner ?? { namespace: undefined, task: undefined };
}

function unlessGone(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}

/** A shim is told by its arguments whom it works for; other daemons may use the same folder. */
function ofShim({ pid, command }: FIFOHolder, address: string): ExecOwner | undefined {
  if (!command.startsWith("containerd-shim")) return undefined;
  const args = argumentsOf(pid);
  const valueOf = (name: string) => args[args.indexOf(name, 1) + 1];
  if (realPath(valueOf("-address") ?? "") !== address) return undefined;
  return { namespace: valueOf("-namespace"), task: valueOf("-id") };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // it has just ended
  }
}
