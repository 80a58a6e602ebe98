import type { Client, Container, ProcessStatus } from "@taskio/containerd";
import { inEachNamespace } from "../client/in-each-namespace.ts";
import { foreignLabels } from "../client/labels.ts";

/** A container, or a task whose container is gone. */
export interface Resident {
  readonly namespace: string;
  readonly id: string;
  /** What the commands take: nerdctl's name, or the id. */
  readonly name: string;
  /** Undefined where it has no task. */
  readonly status: ProcessStatus | undefined;
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
  const listed = (await containers.list()).map((container): Resident => {
    const status = byId.get(container.id);
    byId.delete(container.id);
    return { namespace, id: container.id, name: nameOf(container), status };
  });
  const orphans = [...byId].map(([id, status]): Resident => ({ namespace, id, name: id, status }));
  return { namespace, residents: [...listed, ...orphans] };
}

function nameOf({ id, labels }: Container): string {
  return labels[foreignLabels.nerdctlName] || id;
}
