import { TaskIOError } from "@taskio/core";
import { cleanupDeadline } from "./cleanup-deadline.ts";
import type { Container } from "./containers.ts";
import { type ContainerOptions, containerParts } from "./container-parts.ts";
import { imagesOf } from "./images.ts";
import { namespaceDefaults } from "./namespace-defaults.ts";
import { orNone } from "./or-none.ts";
import type { RPC } from "./rpc.ts";
import { isUncertain } from "./rpc-error.ts";
import { snapshotsOf } from "./snapshots.ts";
import { layersOf } from "./spec/layers-of.ts";
import { withImageConfig } from "./spec/with-image-config.ts";
import { type LeasedClient, withLease } from "./with-lease.ts";

/** The label of a snapshot with the lease that it was made under: it tells ours from another of its key. */
const madeUnder = "taskio.lease";

/** Makes a container whose root filesystem is a snapshot over the layers of an image. */
export async function containerFromImage(
  rpc: RPC,
  name: string,
  options: ContainerOptions & { readonly snapshotter?: string },
): Promise<Container> {
  const { id, args, signal } = options;
  const { namespace } = rpc;
  const { image, config, chainID } = await imagesOf(rpc).inspect(name, { signal });
  const { runtime, ...defaults } = await namespaceDefaults(rpc, { signal });
  const { snapshotter = defaults.snapshotter } = options;
  const stat = (key: string) => orNone(snapshotsOf(rpc, snapshotter).stat(key, { signal }));
  if (chainID && !(await stat(chainID))) throw notUnpacked(rpc, image.name, snapshotter);
  if (await stat(id)) throw keyTaken(id, snapshotter);
  const opts = [withImageConfig(config, args)];
  const deadline = cleanupDeadline();
  return withLease(rpc, make, { signal }, deadline);

  // Calls that make something are not aborted, so that it is known whether they did.
  async function make(leased: LeasedClient): Promise<Container> {
    const labels = { [madeUnder]: leased.lease };
    try {
      const mounts = await leased.snapshots(snapshotter).prepare(id, chainID, { labels });
      signal?.throwIfAborted();
      const container = { id, namespace, runtime, layers: layersOf(mounts) };
      const parts = containerParts(container, options, opts);
      const ofImage = { image: image.name, snapshotter, snapshotKey: id };
      return await leased.containers.create({ ...parts, ...ofImage });
    } catch (error) {
      const made = { id, snapshotter, container: isUncertain(error) };
      await takeBack(leased, made, deadline()).catch(() => {});
      throw error;
    }
  }
}

/**
 * Removes what was made under the lease, and nothing else that has the id. The garbage collector would
 * do it, but leave the key with the image's snapshot, which nobody could then remove by its name.
 *
 * @param made.container whether there may be a container too
 */
async function takeBack(
  { lease, containers, snapshots }: LeasedClient,
  made: { readonly id: string; readonly snapshotter: string; readonly container: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { id, snapshotter } = made;
  const { labels } = await snapshots(snapshotter).stat(id, { signal });
  if (labels[madeUnder] !== lease) return;
  const container = made.container ? await orNone(containers.get(id, { signal })) : undefined;
  // It is ours if it has our snapshot: nobody else knows of that.
  if (container?.snapshotter === snapshotter && container.snapshotKey === id) {
    await orNone(containers.delete(id, { signal }));
  }
  await orNone(snapshots(snapshotter).remove(id, { signal }));
}

function notUnpacked(rpc: RPC, image: string, snapshotter: string): TaskIOError {
  const ctr = `ctr --address ${rpc.address} --namespace ${rpc.namespace}`;
  const pull = `${ctr} image pull --snapshotter ${snapshotter} ${image}`;
  return new TaskIOError(
    "NOT_FOUND",
    `the image "${image}" is not unpacked for the snapshotter "${snapshotter}": ` +
      `unpack it with "${pull}", or choose a snapshotter that has it`,
  );
}

function keyTaken(key: string, snapshotter: string): TaskIOError {
  return new TaskIOError(
    "IN_USE",
    `there is a snapshot "${key}", as of an earlier container: remove it by ` +
      `client.snapshots("${snapshotter}"), or choose another id`,
  );
}
