import type { Cancellable } from "./cancellable.ts";
import { orNone } from "./or-none.ts";
import type { RPC } from "./rpc.ts";

/** What the client's namespace says that its containers are made with. */
export interface NamespaceDefaults {
  readonly snapshotter: string;
  readonly runtime: string;
}

/** The labels of the namespace, else containerd's own defaults. */
export async function namespaceDefaults(
  rpc: RPC,
  { signal }: Cancellable = {},
): Promise<NamespaceDefaults> {
  const labels = await labelsOf(rpc, signal);
  return {
    snapshotter: labels["containerd.io/defaults/snapshotter"] || "overlayfs",
    runtime: labels["containerd.io/defaults/runtime"] || "io.containerd.runc.v2",
  };
}

/** None where there is no such namespace yet: it comes with what is first made in it. */
async function labelsOf(rpc: RPC, signal?: AbortSignal): Promise<Record<string, string>> {
  const name = rpc.namespace;
  const call = { doing: `get the namespace "${name}"`, signal };
  const got = await orNone(rpc.call(call, async (o) => (await rpc.namespaces()).get({ name }, o)));
  return got?.namespace?.labels ?? {};
}
