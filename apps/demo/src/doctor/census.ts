import type { Client, ProcessStatus } from "@taskio/containerd";
import { hubState } from "../client/hub-state.ts";
import { inEachNamespace } from "../client/in-each-namespace.ts";
import { nerdctlName } from "../client/nerdctl-name.ts";

/** A container, or a task whose container is gone. */
export interface Resident {
  readonly namespace: string;
  readonly id: string;
  /** What the commands take: nerdctl's name, or the id. */
  readonly name: string;
  /** A task without one is out of reach: containerd refuses each call about it. */
  readonly hasContainer: boolean;
  /** Undefined where it has no task. */
  readonly status: ProcessStatus | undefined;
  /** Whether the hub of a task that has one is there. */
  readonly hub: "running" | "dead" | null;
}

/** Whether nobody reads what it writes, since its hub was killed. */
export function lacksHub({ hub, status }: Resident): boolean {
  return hub === "dead" && status?.state !== "stopped";
}

/** What a runtime has, in all of its namespaces. */
export interface Census {
  readonly namespaces: readonly string[];
  readonly residents: readonly Resident[];
}

/** Asks for everything that a runtime has. */
export async function takeCensus(client: Client): Promise<Census> {
  const perNamespace = await inEachNamespace(client, async (client) => [await census(client)]);
  return {
    namespaces: perNamespace.map(({ namespace }) => namespace),
    residents: perNamespace.flatMap(({ residents }) => residents),
  };
}

async function census({ namespace, containers, tasks }: Client) {
  const byId = new Map((await tasks.list()).map((status) => [status.id, status]));
  const listing = (await containers.list()).map(async (container): Promise<Resident> => {
    const status = byId.get(container.id);
    byId.delete(container.id);
    const { id } = container;
    const hub = await hubState(container, status);
    return { namespace, id, name: nerdctlName(container) ?? id, hasContainer: true, status, hub };
  });
  const listed = await Promise.all(listing);
  const still = new Set(byId.size === 0 ? [] : (await tasks.list()).map(({ id }) => id));
  const orphans = [...byId.values()].filter(({ id }) => still.has(id)); // not one just removed
  const lost = orphans.map((status): Resident => {
    const { id } = status;
    return { namespace, id, name: id, hasContainer: false, status, hub: null };
  });
  return { namespace, residents: [...listed, ...lost] };
}
