import { afterEach, beforeEach, expect } from "bun:test";
import type { Setup } from "./with-containerd.ts";

const snapshotters = ["overlayfs", "native"];

/** After each test of the group there is no container, lease or snapshot more than before. */
export function leavesNothing(setup: Setup): void {
  let before: Awaited<ReturnType<typeof found>>;
  beforeEach(async () => {
    before = await found(setup);
  });
  afterEach(async () => {
    expect(await found(setup)).toEqual(before);
  });
}

async function found({ client }: Setup) {
  const snapshots = snapshotters.map((name) => client.snapshots(name).list());
  return {
    containers: (await client.containers.list()).map(({ id }) => id),
    leases: (await client.leases.list()).map(({ id }) => id),
    snapshots: (await Promise.all(snapshots)).flat().map(({ name }) => name),
  };
}
