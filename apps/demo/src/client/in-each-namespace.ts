import { type Client, connect } from "@taskio/containerd";

/** Looks into every namespace that a server has, one after another, over connections of their own. */
export async function inEachNamespace<T>(
  { address, namespaces }: Client,
  look: (client: Client) => Promise<readonly T[]>,
): Promise<T[]> {
  const found: T[] = [];
  for (const { name: namespace } of await namespaces.list()) {
    await using client = await connect({ address, namespace });
    found.push(...(await look(client)));
  }
  return found;
}
