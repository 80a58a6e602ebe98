import type { Any } from "@bufbuild/protobuf/wkt";
import { TaskIOError } from "@taskio/core";
import type { Cancellable } from "./cancellable.ts";
import type { NewContainer } from "./containers.ts";
import { newSpec } from "./spec/new-spec.ts";
import type { SpecContainer, SpecOpt } from "./spec/spec-opt.ts";

/** What every container is made with, whatever its root filesystem. */
export interface ContainerOptions extends Cancellable {
  /** A containerd identifier. */
  readonly id: string;
  /** What runs; with an image in place of its `Cmd`, after its entrypoint. */
  readonly args?: readonly string[];
  /** Changes to the spec, which come last. */
  readonly spec?: readonly SpecOpt[];
  readonly labels?: Readonly<Record<string, string>>;
  /** @default the namespace's, else "io.containerd.runc.v2" */
  readonly runtime?: string;
  /** What the runtime takes, such as `packAny(OptionsSchema, { binaryName: "crun" })` for runc's shim. */
  readonly runtimeOptions?: Any;
}

/**
 * A container with a spec of these options, as `containers.create` takes it.
 *
 * @param opts what its root filesystem brings; the caller's come after it
 * @throws TaskIOError `INVALID_ARGUMENT` without a command, and what an option throws
 */
export function containerParts(
  container: SpecContainer & { readonly runtime: string },
  options: ContainerOptions,
  opts: readonly SpecOpt[],
): NewContainer {
  const { id, labels = {}, runtime = container.runtime, runtimeOptions, spec: own = [] } = options;
  const spec = newSpec(container, ...opts, ...own);
  if (!spec.process?.args.length) {
    throw new TaskIOError(
      "INVALID_ARGUMENT",
      `the container "${id}" has no command to run: give args, or withProcessArgs in spec`,
    );
  }
  return { id, labels, runtime, spec, ...(runtimeOptions && { runtimeOptions }) };
}
