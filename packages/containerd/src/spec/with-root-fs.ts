import { checkAbsolute } from "./invalid-argument.ts";
import type { SpecOpt } from "./spec-opt.ts";

/**
 * A folder of this machine as the container's root filesystem. Go: `oci.WithRootFSPath`.
 *
 * @param path absolute
 * @throws TaskIOError `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { newSpec, withRootFSPath } from "@taskio/containerd";
 *
 * const spec = newSpec({ id: "web", namespace: "default" }, withRootFSPath("/srv/rootfs"));
 * console.log(spec.root?.path); // /srv/rootfs
 * ```
 */
export function withRootFSPath(path: string): SpecOpt {
  checkAbsolute(path, "root filesystem");
  return (spec) => {
    spec.root = { ...spec.root, path };
  };
}

/**
 * Makes the root filesystem read-only; mounts in it are not. Go: `oci.WithRootFSReadonly`.
 *
 * @example
 * ```ts
 * import { newSpec, withRootFSReadonly } from "@taskio/containerd";
 *
 * const spec = newSpec({ id: "web", namespace: "default" }, withRootFSReadonly);
 * console.log(spec.root?.readonly); // true
 * ```
 */
export const withRootFSReadonly: SpecOpt = (spec) => {
  spec.root = { path: "rootfs", ...spec.root, readonly: true };
};
