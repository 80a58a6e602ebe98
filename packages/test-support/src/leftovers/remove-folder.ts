import { rmSync } from "node:fs";
import { mountsBelow } from "./mounts.ts";

/** Removes a folder, never what is mounted in it: that may be a folder of the machine. */
export function removeFolder(folder: string): void {
  for (const path of mountsBelow(folder).reverse()) Bun.spawnSync(["umount", "-l", path]);
  const left = mountsBelow(folder);
  if (left.length > 0) throw new Error(`can't unmount ${left.join(", ")}`);
  rmSync(folder, { recursive: true, force: true });
}
