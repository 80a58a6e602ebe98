import { stat } from "node:fs/promises";
import { TaskIOError } from "@taskio/core";
import { type Container, containersOf } from "./containers.ts";
import { type ContainerOptions, containerParts } from "./container-parts.ts";
import { namespaceDefaults } from "./namespace-defaults.ts";
import type { RPC } from "./rpc.ts";
import { withDefaultPathEnv, withProcessArgs } from "./spec/with-process.ts";
import { withRootFSPath } from "./spec/with-root-fs.ts";

/** Makes a container whose root filesystem is a folder. */
export async function containerFromFolder(
  rpc: RPC,
  rootfs: string,
  options: ContainerOptions,
): Promise<Container> {
  const { id, args, signal } = options;
  const opts = [withRootFSPath(rootfs), withDefaultPathEnv];
  if (args) opts.push(withProcessArgs(...args));
  await checkFolder(rootfs);
  const { runtime } = await namespaceDefaults(rpc, { signal });
  const parts = containerParts({ id, namespace: rpc.namespace, runtime }, options, opts);
  signal?.throwIfAborted();
  return containersOf(rpc).create(parts); // not aborted, so that none is left by that
}

async function checkFolder(path: string): Promise<void> {
  const stats = await stat(path).catch((error: unknown) => {
    throw TaskIOError.from(error, "NOT_FOUND", `find the root filesystem "${path}"`);
  });
  if (stats.isDirectory()) return;
  const message = `the root filesystem "${path}" is no folder: give one with bin, etc and so on`;
  throw new TaskIOError("INVALID_ARGUMENT", message, { path });
}
