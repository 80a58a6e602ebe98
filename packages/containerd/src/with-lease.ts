import { TaskIOError } from "@taskio/core";
import { cleanupDeadline } from "./cleanup-deadline.ts";
import { type Containers, containersOf } from "./containers.ts";
import { type Content, contentOf } from "./content.ts";
import { type Images, imagesOf } from "./images.ts";
import { leasesOf, newLeaseID, type NewLease } from "./leases.ts";
import type { RPC } from "./rpc.ts";
import { isUncertain } from "./rpc-error.ts";
import { type Snapshots, snapshotsOf } from "./snapshots.ts";

/** A client whose calls are made under a lease, for as long as the callback of `withLease` runs. */
export interface LeasedClient {
  /** The id of the lease. */
  readonly lease: string;
  readonly namespace: string;
  readonly containers: Containers;
  readonly content: Content;
  readonly images: Images;
  snapshots(name?: string): Snapshots;
}

/**
 * Runs something under a lease, and ends that whatever happens. After a failure what it made and
 * nothing keeps is removed at once.
 *
 * @param deadline for the end of the lease, where `run` has to remove something by then as well
 */
export async function withLease<T>(
  rpc: RPC,
  run: (leased: LeasedClient) => Promise<T>,
  { signal, ...options }: Omit<NewLease, "id"> = {},
  deadline: () => AbortSignal = cleanupDeadline(),
): Promise<T> {
  if (options.expiration === Infinity) throw wouldStay();
  const leases = leasesOf(rpc);
  const id = newLeaseID();
  const ended = new AbortController();
  const end = async (sync: boolean) => {
    ended.abort(hasEnded(id));
    // What can't be deleted now expires by itself; the outcome of `run` is what counts.
    await leases.delete(id, { sync, signal: deadline() }).catch(() => {});
  };
  signal?.throwIfAborted();
  try {
    await leases.create({ ...options, id }); // not aborted: then nobody knew whether it is there
  } catch (error) {
    if (isUncertain(error)) await end(false);
    throw error;
  }
  try {
    signal?.throwIfAborted();
    const result = await run(leasedClient(rpc.underLease(id, ended.signal), id));
    await end(false);
    return result;
  } catch (error) {
    await end(true);
    throw error;
  }
}

function leasedClient(rpc: RPC, lease: string): LeasedClient {
  return {
    lease,
    namespace: rpc.namespace,
    containers: containersOf(rpc),
    content: contentOf(rpc),
    images: imagesOf(rpc),
    snapshots: (name) => snapshotsOf(rpc, name),
  };
}

/** Where its delete fails, nobody else knows of it. */
function wouldStay(): TaskIOError {
  const message = "invalid expiration Infinity of a lease for withLease: give milliseconds";
  return new TaskIOError("INVALID_ARGUMENT", message);
}

function hasEnded(id: string): TaskIOError {
  const message = `the lease "${id}" has ended: use its client in the callback of withLease only`;
  return new TaskIOError("CLOSED", message);
}
