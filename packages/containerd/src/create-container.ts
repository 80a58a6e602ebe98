import { TaskIOError, validateID } from "@taskio/core";
import { type Container, containersOf } from "./containers.ts";
import { containerFromFolder } from "./container-from-folder.ts";
import { containerFromImage } from "./container-from-image.ts";
import type { ContainerOptions } from "./container-parts.ts";
import { orNone } from "./or-none.ts";
import type { RPC } from "./rpc.ts";

/** What a container is made of: a folder, or an image that the server has. */
export type CreateContainerOptions =
  | (ContainerOptions & {
      /** The absolute path of a folder on this machine with a root filesystem, used as it is. */
      readonly rootfs: string;
      readonly image?: undefined;
    })
  | (ContainerOptions & {
      /** As for the `get` of `client.images`. Its container has a snapshot of its own to write in. */
      readonly image: string;
      readonly rootfs?: undefined;
      /** @default the namespace's, else "overlayfs" */
      readonly snapshotter?: string;
    });

/** Makes a container and all that it needs; what fails leaves nothing that is known to be ours. */
export async function createContainer(
  rpc: RPC,
  options: CreateContainerOptions,
): Promise<Container> {
  const { id, rootfs, image, signal } = options;
  validateID(id);
  if ((image === undefined) === (rootfs === undefined)) throw noRoot(id);
  await refuseTaken(rpc, id, signal);
  return image === undefined
    ? containerFromFolder(rpc, rootfs, options)
    : containerFromImage(rpc, image, options);
}

/** Before anything is made; containerd would say so at the end. */
async function refuseTaken(rpc: RPC, id: string, signal: AbortSignal | undefined): Promise<void> {
  if (!(await orNone(containersOf(rpc).get(id, { signal })))) return;
  throw new TaskIOError(
    "IN_USE",
    `there is a container "${id}" in the namespace "${rpc.namespace}": delete it, or choose another id`,
  );
}

function noRoot(id: string): TaskIOError {
  const message = `the container "${id}" needs a root filesystem: give either rootfs or image`;
  return new TaskIOError("INVALID_ARGUMENT", message);
}
