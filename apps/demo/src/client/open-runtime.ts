import { type Client, connect } from "@taskio/containerd";
import type { GlobalOptions } from "../cli/global-options.ts";

/** A connection to a runtime. */
export interface Runtime extends AsyncDisposable {
  readonly client: Client;
  /** Whether it is our own: tasks are plain processes of this system. */
  readonly embedded: boolean;
}

/**
 * Connects to the runtime at an address that was given, and to no other. Without one the embedded
 * runtime is used, and started where it isn't running.
 */
export async function openRuntime({ address, namespace }: GlobalOptions): Promise<Runtime> {
  const given = address || process.env.CONTAINERD_ADDRESS;
  const client = await connect({
    address: given || (await startEmbedded()),
    ...(namespace && { namespace }),
  });
  return {
    client,
    embedded: !given,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

async function startEmbedded(): Promise<string> {
  const { ensureTaskd } = await import("@taskio/taskd");
  return (await ensureTaskd()).address;
}
