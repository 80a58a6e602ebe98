import { validateID } from "@taskio/core";
import type { OCISpec } from "../oci-spec.ts";
import { defaultSpec } from "./default-spec.ts";
import type { SpecContainer, SpecOpt } from "./spec-opt.ts";

/**
 * A spec as containerd's Go client makes it, changed by the options in their order. Go:
 * `oci.GenerateSpec`.
 *
 * A container of it has pid, ipc, uts, mount and network namespaces of its own, its own /proc, /dev,
 * /sys and /run, 14 capabilities, 1024 files at most, and neither a command nor a PATH yet.
 *
 * @throws TaskIOError `INVALID_ID`, `INVALID_ARGUMENT`, and what an option throws
 *
 * @example
 * ```ts
 * import { newSpec, withDefaultPathEnv, withProcessArgs, withRootFSPath } from "@taskio/containerd";
 *
 * const spec = newSpec(
 *   { id: "web", namespace: "default" },
 *   withRootFSPath("/srv/rootfs"),
 *   withDefaultPathEnv,
 *   withProcessArgs("sh", "-c", "echo hello"),
 * );
 * console.log(spec.linux?.cgroupsPath); // /default/web
 * console.log(spec.process?.args); // [ "sh", "-c", "echo hello" ]
 * ```
 */
export function newSpec(container: SpecContainer, ...opts: readonly SpecOpt[]): OCISpec {
  const { id, namespace } = container;
  validateID(id);
  validateID(namespace);
  const spec = defaultSpec(`/${namespace}/${id}`);
  for (const opt of opts) opt(spec, container);
  return spec;
}
