import { type Client, connect } from "@taskio/containerd";
import type { GlobalOptions } from "../cli/global-options.ts";
import { isNotFound } from "./is-not-found.ts";
import { isSilent, isUnavailable } from "./until-back.ts";

const attempts = 5;

/** A connection to a runtime. */
export interface Runtime extends AsyncDisposable {
  readonly client: Client;
  /** Whether it is our own: tasks are plain processes of this system. */
  readonly embedded: boolean;
  /** What it was asked for with. */
  readonly options: GlobalOptions;
  /** Whether it went away since, so that another one has its tasks. */
  readonly wasAway: boolean;
  /** Starts it again where it went away and that is ours to do. The client connects by itself. */
  revive(): Promise<void>;
}

/**
 * Connects to the runtime at an address that was given, and to no other. Without one the embedded
 * runtime is used, and started where it isn't running.
 */
export async function openRuntime(options: GlobalOptions): Promise<Runtime> {
  const { address, namespace } = options;
  const given = givenAddress(options);
  const where = namespace ? { namespace } : {};
  const client = given ? await connect({ address: given, ...where }) : await openEmbedded(where);
  let wasAway = false;
  return {
    client,
    embedded: !given,
    options: { ...(address && { address }), ...where },
    get wasAway() {
      return wasAway;
    },
    async revive() {
      wasAway = true;
      if (!given) await startEmbedded();
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Whether the embedded runtime is meant. */
export function isEmbedded(options: GlobalOptions): boolean {
  return !givenAddress(options);
}

function givenAddress({ address }: GlobalOptions): string | undefined {
  return address || process.env.CONTAINERD_ADDRESS;
}

/** Connects to the embedded runtime, which may end by itself just when it has been found. */
async function openEmbedded(where: { readonly namespace?: string }): Promise<Client> {
  for (let attempt = 1; ; attempt++) {
    const address = await startEmbedded();
    try {
      return await connect({ address, ...where });
    } catch (error) {
      if (!hasEnded(error) || attempt === attempts) throw error;
    }
  }
}

function hasEnded(error: unknown): boolean {
  return isNotFound(error) || (isUnavailable(error) && !isSilent(error));
}

async function startEmbedded(): Promise<string> {
  const { ensureTaskd } = await import("@taskio/taskd");
  return (await ensureTaskd()).address;
}
