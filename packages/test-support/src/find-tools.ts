import { dirname, join, resolve } from "node:path";

/** What a daemon and its tests run. */
export interface Tools {
  /** Has `containerd`, `containerd-shim-runc-v2` and `ctr`, of one version. */
  readonly folder: string;
  readonly runc: string;
  readonly busybox: string;
}

const ofContainerd = ["containerd", "containerd-shim-runc-v2", "ctr"];

/**
 * @param folder where containerd's own are, and nowhere else; `$PATH` without it
 * @throws Error that names the first one that is not there
 */
export function findTools(folder = process.env["TASKIO_TEST_CONTAINERD"]): Tools {
  const find = folder ? (name: string) => within(resolve(folder), name) : onPath;
  const found = ofContainerd.map(find);
  return { folder: dirname(found[0]!), runc: onPath("runc"), busybox: onPath("busybox") };
}

function onPath(name: string): string {
  const path = Bun.which(name);
  if (!path) throw new Error(`${name} is not installed`);
  return path;
}

function within(folder: string, name: string): string {
  const path = Bun.which(name, { PATH: folder });
  if (!path) throw new Error(`there is no program ${join(folder, name)}`);
  return path;
}
