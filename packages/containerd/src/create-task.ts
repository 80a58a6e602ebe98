import type { Any } from "@bufbuild/protobuf/wkt";
import { type Creator, validateID } from "@taskio/core";
import type { Cancellable } from "./cancellable.ts";
import { checkConfig } from "./check-config.ts";
import { type Container, containersOf } from "./containers.ts";
import { deleteOurs } from "./delete-ours.ts";
import { ManagedTask } from "./managed-task.ts";
import { type Mount, mountMessages } from "./mount.ts";
import type { RPC } from "./rpc.ts";
import { snapshotsOf } from "./snapshots.ts";
import type { Task } from "./task.ts";

/** How to make the streams of a process. */
export interface StreamsOptions extends Cancellable {
  /** Makes the streams: any backend's, such as `newCreator(withStdio)` of `@taskio/fifo`. */
  readonly creator: Creator;
  /**
   * Whether stdin stays open when its source is at its end, for a later attach.
   *
   * @default false
   */
  readonly keepStdinOpen?: boolean;
}

/** How to make a task. */
export interface CreateTaskOptions extends StreamsOptions {
  /**
   * Mounted as the container's root.
   *
   * @default its snapshot; nothing where its spec names a folder of its own
   */
  readonly rootfs?: readonly Mount[];
  /** What the runtime takes, such as `packAny(OptionsSchema, { ioUid: 1000 })` for runc's shim. */
  readonly runtimeOptions?: Any;
}

/** Makes the task of a container: its streams first, then the process, not started yet. */
export async function createTask(
  rpc: RPC,
  containerId: string,
  { creator, rootfs, runtimeOptions, keepStdinOpen = false, signal }: CreateTaskOptions,
): Promise<Task> {
  validateID(containerId);
  const container = await containersOf(rpc).get(containerId, { signal });
  const mounts = rootfs ?? (await snapshotMounts(rpc, container, signal));
  const io = await creator(containerId, { signal });
  try {
    checkConfig(io.config, `container "${containerId}"`, wantsTerminal(container));
    const request = { containerId, ...io.config, rootfs: mountMessages(mounts), ...options() };
    const call = { doing: `create the task of the container "${containerId}"`, signal };
    const { pid } = await rpc.call(call, (o) => rpc.tasks.create(request, o));
    rpc.streamsOpened();
    const name = { containerId };
    return new ManagedTask({ rpc, name, io, pid, made: true, started: false, keepStdinOpen });
  } catch (error) {
    if (signal?.aborted) await deleteOurs(rpc, { containerId }, io).catch(() => {});
    await io.close().catch(() => {}); // the error to be told is the call's (c#11462)
    throw error;
  }

  function options() {
    return runtimeOptions && { options: runtimeOptions };
  }
}

/** Of a container that has a snapshot as its root. */
async function snapshotMounts(
  rpc: RPC,
  { snapshotter, snapshotKey }: Container,
  signal: AbortSignal | undefined,
): Promise<Mount[]> {
  return snapshotKey ? snapshotsOf(rpc, snapshotter).mounts(snapshotKey, { signal }) : [];
}

function wantsTerminal({ spec }: Container): boolean | undefined {
  return spec?.process && (spec.process.terminal ?? false);
}
