import { TaskIOError } from "@taskio/core";
import type { Container } from "./containers.ts";
import { type ContainerOptions, containerParts } from "./container-parts.ts";
import { imagesOf } from "./images.ts";
import { namespaceDefaults } from "./namespace-defaults.ts";
import type { RPC } from "./rpc.ts";
import { isNotFound, isUncertain } from "./rpc-error.ts";
import { snapshotsOf } from "./snapshots.ts";
import { layersOf } from "./spec/layers-of.ts";
import { withImageConfig } from "./spec/with-image-config.ts";
import { type LeasedClient, withLease } from "./with-lease.ts";

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
  const has = (key: string) => hasSnapshot(rpc, snapshotter, key, signal);
  if (chainID && !(await has(chainID))) throw notUnpacked(image.name, namespace, snapshotter);
  if (await has(id)) throw keyTaken(id, snapshotter);
  const opts = [withImageConfig(config, args)];
  return withLease(rpc, make, { signal });

  // Calls that make something are not aborted, so that it is known whether they did.
  async function make(leased: LeasedClient): Promise<Container> {
    const snapshots = leased.snapshots(snapshotter);
    const mounts = await snapshots.prepare(id, chainID);
    try {
      signal?.throwIfAborted();
      const container = { id, namespace, runtime, layers: layersOf(mounts) };
      const parts = containerParts(container, options, opts);
      const ofImage = { image: image.name, snapshotter, snapshotKey: id };
      return await leased.containers.create({ ...parts, ...ofImage });
    } catch (error) {
      // The garbage collector would do it, but leave the key with the image's snapshot, which nobody
      // could then remove by its name.
      if (!isUncertain(error)) await snapshots.remove(id).catch(() => {});
      throw error;
    }
  }
}

async function hasSnapshot(
  rpc: RPC,
  snapshotter: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await snapshotsOf(rpc, snapshotter).stat(key, { signal });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function notUnpacked(image: string, namespace: string, snapshotter: string): TaskIOError {
  const pull = `ctr --namespace ${namespace} image pull --snapshotter ${snapshotter} ${image}`;
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
