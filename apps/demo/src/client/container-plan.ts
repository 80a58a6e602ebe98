import type { OCIProcess, SpecOpt } from "@taskio/containerd";
import { resolve } from "node:path";
import { invalid } from "../cli/invalid.ts";
import type { RunOptions } from "../commands/run.ts";
import { baseEnv } from "./base-env.ts";
import { changesTo, newTerminalSize, ofAnyRoot } from "./container-changes.ts";
import { needsContainerd } from "./needs-containerd.ts";
import { isEmbedded } from "./open-runtime.ts";
import { withEnv } from "./with-env.ts";

/** What a new task's container is to be. */
export type ContainerPlan =
  /** A plain process, for the embedded runtime. */
  | { readonly kind: "process"; readonly process: OCIProcess }
  /** A container of containerd's. */
  | (ContainerRoot & {
      /** What comes over that. */
      readonly spec: readonly SpecOpt[];
    });

/** Where its root filesystem comes from: this system's folders, a folder, or an image. */
export type ContainerRoot =
  | { readonly kind: "host"; readonly process: OCIProcess }
  | { readonly kind: "rootfs"; readonly rootfs: string; readonly args: readonly string[] }
  | {
      readonly kind: "image";
      readonly image: string;
      readonly snapshotter: string | undefined;
      readonly args: readonly string[];
    };

/** @throws TaskIOError `INVALID_ARGUMENT` for options that don't go together, or not with the runtime */
export function planContainer(args: readonly string[], options: RunOptions): ContainerPlan {
  const { image, rootfs, snapshotter } = options;
  const embedded = isEmbedded(options);
  checkOptions(args, options, embedded);
  const own = () => ({ args, spec: changesTo(options) });
  if (image !== undefined) return { kind: "image", image, snapshotter, ...own() };
  if (rootfs !== undefined) return { kind: "rootfs", rootfs: resolve(rootfs), ...own() };
  const process = processFor(args, options);
  return embedded
    ? { kind: "process", process }
    : { kind: "host", process, spec: ofAnyRoot(options) };
}

function checkOptions(args: readonly string[], options: RunOptions, embedded: boolean): void {
  const { image, rootfs, snapshotter, user, net } = options;
  if (!["host", "none"].includes(net)) throw invalid(`invalid --net "${net}": give host or none`);
  if (embedded) refuseContained({ image, rootfs, snapshotter, user, net: net !== "host" });
  if (image !== undefined && rootfs !== undefined) {
    throw invalid("--image and --rootfs can't be given together: a task has one root filesystem");
  }
  if (snapshotter !== undefined && image === undefined) {
    throw invalid("--snapshotter goes with --image: nothing else has a snapshot");
  }
  if (args.length === 0 && image === undefined) {
    throw invalid(`missing required argument 'command': see "taskio run --help"`);
  }
}

/** Before the embedded runtime is even started. */
function refuseContained(given: Readonly<Record<string, unknown>>): void {
  const option = Object.keys(given).find(
    (name) => given[name] !== undefined && given[name] !== false,
  );
  if (option === undefined) return;
  throw needsContainerd(option);
}

function processFor(args: readonly string[], options: RunOptions): OCIProcess {
  const { tty: terminal = false, env, workdir = "." } = options;
  return {
    args: [...args],
    cwd: resolve(workdir),
    env: withEnv(baseEnv({ terminal }), env),
    terminal,
    ...newTerminalSize(options),
  };
}
