import type { FIFOHolder } from "@taskio/fifo/holders";
import { readFileSync, realpathSync } from "node:fs";
import { inEachNamespace } from "../client/in-each-namespace.ts";
import { orNone } from "../client/or-none.ts";
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

type Holders = ReadonlyMap<string, readonly FIFOHolder[]>;

/**
 * Tells whose execs have the FIFOs that no task names, by the processes that hold them: execs can't be
 * listed.
 *
 * @returns by path; without those that none of this runtime's holds
 */
export async function execOwners(
  examined: Examined,
  census: Census,
  outputs: readonly ExecOutput[],
  holders: Holders,
): Promise<ReadonlyMap<string, ExecOwner>> {
  const { client, embedded } = examined;
  if (!embedded) return ofShims(outputs, holders, realPath(client.address));
  const { pid: own } = await client.introspection.server();
  const held = outputs.filter(({ path }) => holders.get(path)?.some(({ pid }) => pid === own));
  const unknown = { namespace: undefined, task: undefined };
  const owners = new Map<string, ExecOwner>(held.map(({ path }) => [path, unknown]));
  for (const [path, owner] of await ofTasks(examined, census, held)) {
    if (owners.has(path)) owners.set(path, owner);
  }
  return owners;
}

function ofShims(
  outputs: readonly ExecOutput[],
  holders: Holders,
  address: string,
): Map<string, ExecOwner> {
  const owners = new Map<string, ExecOwner>();
  for (const { path } of outputs) {
    const owner = first(holders.get(path) ?? [], (holder) => ofShim(holder, address));
    if (owner) owners.set(path, owner);
  }
  return owners;
}

function first<T, U>(items: readonly T[], look: (item: T) => U | undefined): U | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One process holds the execs of all tasks of the embedded runtime: each task is asked for them. */
async function ofTasks(
  { client }: Examined,
  { residents }: Census,
  outputs: readonly ExecOutput[],
): Promise<[path: string, owner: ExecOwner][]> {
  const execs = [...new Set(outputs.map(({ exec }) => exec))];
  if (execs.length === 0) return [];
  return inEachNamespace(client, async ({ namespace, tasks }) => {
    const here = residents.filter((one) => one.status && one.namespace === namespace);
    const owned: [string, ExecOwner][] = [];
    for (const execId of execs) {
      const asked = here.map(async ({ id, name }) => {
        const status = await orNone(tasks.get(id, { execId }));
        const { stdout, stderr } = status?.config ?? {};
        for (const path of [stdout, stderr])
          if (path) owned.push([path, { namespace, task: name }]);
      });
      await Promise.all(asked);
    }
    return owned;
  });
}

/** A shim is told by its arguments whom it works for; other daemons may use the same folder. */
function ofShim({ pid, command }: FIFOHolder, address: string): ExecOwner | undefined {
  if (!command.startsWith("containerd-shim")) return undefined;
  const args = argumentsOf(pid);
  const valueOf = (name: string) => {
    const at = args.indexOf(name, 1);
    return at < 0 ? undefined : args[at + 1];
  };
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
