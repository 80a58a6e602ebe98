import type { DaemonFolder } from "../daemon-folder.ts";

/** For containerd 1.x: nothing that reaches out of the folder, or that may try a kernel module. */
export function configV1({ root, state, address }: DaemonFolder): string {
  return `version = 2
root = ${JSON.stringify(root)}
state = ${JSON.stringify(state)}
disabled_plugins = [
  "io.containerd.grpc.v1.cri",
  "io.containerd.internal.v1.opt",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]
[grpc]
address = ${JSON.stringify(address)}
`;
}
