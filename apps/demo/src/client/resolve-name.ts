import type { Client, Container } from "@taskio/containerd";
import { TaskIOError } from "@taskio/core";
import { commandLine } from "../cli/command-line.ts";
import { foreignLabels } from "./labels.ts";
import type { Runtime } from "./open-runtime.ts";
import { nerdctlName } from "./nerdctl-name.ts";
import { orNone } from "./or-none.ts";

/** How many ids an error lists. */
const listed = 5;

/**
 * The container that somebody means: by its id, else by the name that nerdctl gave it, else by the
 * begin of its id, where no other id begins like that.
 *
 * @throws TaskIOError `NOT_FOUND`, naming the namespaces that have such an id; `INVALID_ARGUMENT` when it
 * could be several
 */
export async function resolveName(runtime: Runtime, name: string): Promise<Container> {
  const { client } = runtime;
  const container = await orNone(client.containers.get(name));
  return container ?? (await like(client, name)) ?? (await noTask(runtime, name));
}

async function like(client: Client, name: string): Promise<Container | undefined> {
  if (!/^[\w.-]+$/.test(name)) return undefined; // no id, no name
  const begin = name.replaceAll(".", "[.]");
  const filters = [`labels."${foreignLabels.nerdctlName}"=="${name}"`, `id~="^${begin}"`];
  const found = await client.containers.list({ filters });
  const named = found.filter((container) => nerdctlName(container) === name);
  const meant = named.length > 0 ? named : found;
  if (meant.length > 1) throw ambiguous(name, meant);
  return meant[0];
}

function ambiguous(name: string, containers: readonly Container[]): TaskIOError {
  const ids = containers.slice(0, listed).map(({ id }) => `"${id}"`);
  const more = containers.length > listed ? ` and ${containers.length - listed} more` : "";
  const message = `"${name}" could be ${ids.join(", ")}${more}: give more of the id`;
  return new TaskIOError("INVALID_ARGUMENT", message);
}

async function noTask(runtime: Runtime, name: string): Promise<never> {
  const elsewhere = await runtime.client.namespaces.holding(name).catch(() => []);
  throw new TaskIOError("NOT_FOUND", whyNot(runtime, name, elsewhere));
}

function whyNot(
  { client: { namespace }, options }: Runtime,
  name: string,
  [other, ...more]: readonly string[],
): string {
  if (other === undefined) return `no task "${name}": see ${commandLine(options)("ls")}`;
  const others = [other, ...more].map((one) => `"${one}"`).join(" and ");
  return `no task "${name}" in the namespace "${namespace}": it is in ${others}: give --namespace ${other}`;
}
