import type { OCILinux, OCIProcess, OCISpec } from "../oci-spec.ts";

/** Which container a spec is for. */
export interface SpecContainer {
  readonly id: string;
  readonly namespace: string;
  /**
   * The folders on this machine that its root filesystem is made of, the topmost first: where users
   * are looked up. Undefined where they aren't known, then the spec's `root.path` is used.
   */
  readonly layers?: readonly string[] | undefined;
}

/** Changes a spec; one of your own is a function like any other. Go: `oci.SpecOpts`. */
export type SpecOpt = (spec: OCISpec, container: SpecContainer) => void;

/** The process of a spec, made where it isn't there. */
export function processOf(spec: OCISpec): OCIProcess {
  return (spec.process ??= { args: [], cwd: "/" });
}

/** What is Linux's own in a spec, made where it isn't there. */
export function linuxOf(spec: OCISpec): OCILinux {
  return (spec.linux ??= {});
}
