import type { FIFOHolder } from "@taskio/fifo/holders";
import { readFileSync, realpathSync } from "node:fs";
import type { Runtime } from "../client/open-runtime.ts";

/** Whose exec it is, as far as that can be known. */
export interface ExecOwner {
  readonly namespace: string | undefined;
  readonly task: string | undefined;
}

/**
 * Tells whose exec has a FIFO that no task names, by the process that holds it: execs can't be listed.
 *
 * @returns undefined where none of this runtime's holds it
 */
export async function execOwners({
  client,
  embedded,
}: Runtime): Promise<(holders: readonly FIFOHolder[]) => ExecOwner | undefined> {
  if (!embedded) {
    const address = realPath(client.address);
    return (holders) => first(holders, (holder) => ofShim(holder, address));
  }
  const { pid: own } = await client.introspection.server();
  const unknown = { namespace: undefined, task: undefined };
  return (holders) => first(holders, ({ pid }) => (pid === own ? unknown : undefined));
}

function first<T, U>(items: readonly T[], look: (item: T) => U | undefined): U | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
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
