import type * as message from "./gen/containerd/types/mount_pb.ts";

/** A mount of a root filesystem, as containerd's snapshotters give it. */
export interface Mount {
  /** Such as `bind` or `overlay`. */
  readonly type: string;
  readonly source: string;
  /** A folder below the root filesystem; the root itself without it. */
  readonly target?: string;
  /** As in fstab. */
  readonly options?: readonly string[];
}

/** For containerd. */
export function mountMessages(mounts: readonly Mount[]) {
  return mounts.map(({ options = [], ...mount }) => ({ ...mount, options: [...options] }));
}

/** From containerd. */
export function toMounts(messages: readonly message.Mount[]): Mount[] {
  return messages.map(({ type, source, target, options }) => ({
    type,
    source,
    ...(target && { target }),
    options,
  }));
}
