import type { ConfigFile } from "./config.ts";

/** For containerd 1.x: nothing that reaches out of the folder, or that may try a kernel module. */
export const configV1: ConfigFile = {
  version: 2,
  disabled: [
    "io.containerd.grpc.v1.cri",
    "io.containerd.internal.v1.opt",
    "io.containerd.snapshotter.v1.aufs",
    "io.containerd.snapshotter.v1.btrfs",
    "io.containerd.snapshotter.v1.devmapper",
    "io.containerd.snapshotter.v1.zfs",
  ],
};
