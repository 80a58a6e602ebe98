import type { OCILinuxNamespace, OCIMount } from "../oci-spec.ts";
import { checkAbsolute, checkText, invalidArgument } from "./invalid-argument.ts";
import { linuxOf, type SpecOpt } from "./spec-opt.ts";

/** The kinds of namespace that the kernel has. */
export type LinuxNamespaceType =
  "pid" | "ipc" | "uts" | "mount" | "network" | "user" | "cgroup" | "time";

const types = ["pid", "ipc", "uts", "mount", "network", "user", "cgroup", "time"];

/**
 * More mounts, after those that are there. Go: `oci.WithMounts`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT` unless each destination is an absolute path
 *
 * @example
 * ```ts
 * import { newSpec, withMounts } from "@taskio/containerd";
 *
 * const data = { destination: "/data", type: "bind", source: "/srv/data", options: ["rbind", "ro"] };
 * const spec = newSpec({ id: "web", namespace: "default" }, withMounts([data]));
 * console.log(spec.mounts?.at(-1)?.destination); // /data
 * ```
 */
export function withMounts(mounts: readonly OCIMount[]): SpecOpt {
  for (const { destination } of mounts) checkAbsolute(destination, "destination of a mount");
  return (spec) => {
    spec.mounts = [...(spec.mounts ?? []), ...mounts];
  };
}

/**
 * Shares a namespace of the host: with `network` the container has the host's network. Go:
 * `oci.WithHostNamespace`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { newSpec, withHostNamespace } from "@taskio/containerd";
 *
 * const spec = newSpec({ id: "web", namespace: "default" }, withHostNamespace("network"));
 * console.log(spec.linux?.namespaces?.map(({ type }) => type)); // [ "pid", "ipc", "uts", "mount" ]
 * ```
 */
export function withHostNamespace(type: LinuxNamespaceType): SpecOpt {
  checkType(type);
  return (spec) => {
    const linux = linuxOf(spec);
    linux.namespaces = (linux.namespaces ?? []).filter((one) => one.type !== type);
  };
}

/**
 * A namespace of the container's own or, with a path, one that is there, in place of the one of its
 * type. Go: `oci.WithLinuxNamespace`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { newSpec, withLinuxNamespace } from "@taskio/containerd";
 *
 * const network = { type: "network", path: "/run/netns/web" } as const;
 * const spec = newSpec({ id: "web", namespace: "default" }, withLinuxNamespace(network));
 * console.log(spec.linux?.namespaces?.at(-1)?.path); // /run/netns/web
 * ```
 */
export function withLinuxNamespace(
  namespace: OCILinuxNamespace & { readonly type: LinuxNamespaceType },
): SpecOpt {
  checkType(namespace.type);
  if (namespace.path !== undefined) checkAbsolute(namespace.path, "path of a namespace");
  return (spec) => {
    const linux = linuxOf(spec);
    const others = (linux.namespaces ?? []).filter(({ type }) => type !== namespace.type);
    linux.namespaces = [...others, namespace];
  };
}

/**
 * The name that the container has for itself, in a uts namespace of its own. Go: `oci.WithHostname`.
 *
 * @param name at most 64 bytes
 * @throws TaskIOError `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { newSpec, withHostname } from "@taskio/containerd";
 *
 * console.log(newSpec({ id: "web", namespace: "default" }, withHostname("web")).hostname); // web
 * ```
 */
export function withHostname(name: string): SpecOpt {
  checkText(name, "hostname");
  if (name === "" || Buffer.byteLength(name) > 64) {
    throw invalidArgument(`invalid hostname ${JSON.stringify(name)}: give 1 to 64 bytes`);
  }
  return (spec) => {
    spec.hostname = name;
  };
}

function checkType(type: string): void {
  if (types.includes(type)) return;
  throw invalidArgument(
    `unknown namespace ${JSON.stringify(type)}: give one of ${types.join(", ")}`,
  );
}
