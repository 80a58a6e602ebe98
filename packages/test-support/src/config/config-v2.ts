import type { ConfigFile } from "./config.ts";

/**
 * For containerd 2.x, in the version of the file that all of them read: nothing that reaches out of the
 * folder, and no other snapshotters than those of {@link configV1}.
 */
export const configV2: ConfigFile = {
  version: 3,
  disabled: [
    "io.containerd.cri.v1.images",
    "io.containerd.cri.v1.runtime",
    "io.containerd.grpc.v1.cri",
    "io.containerd.internal.v1.opt",
    "io.containerd.internal.v1.tracing",
    "io.containerd.nri.v1.nri",
    "io.containerd.podsandbox.controller.v1.podsandbox",
    "io.containerd.snapshotter.v1.blockfile",
    "io.containerd.snapshotter.v1.btrfs",
    "io.containerd.snapshotter.v1.devmapper",
    "io.containerd.snapshotter.v1.erofs",
    "io.containerd.snapshotter.v1.zfs",
  ],
};
