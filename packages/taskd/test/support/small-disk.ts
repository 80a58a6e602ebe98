import { mkdirSync } from "node:fs";

const canMount =
  process.geteuid!() === 0 &&
  Bun.spawnSync(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).success;

/** Why there can be no {@link smallDisk}. */
export const noSmallDisk = canMount ? undefined : "mounting a small disk takes root";

/** A folder on a file system of 64 KiB and some inodes, its root's among them. */
export function smallDisk(path: string, inodes: number): Disposable {
  mkdirSync(path);
  mount("mount", "-t", "tmpfs", "-o", `size=64k,mode=0700,nr_inodes=${inodes}`, "tmpfs", path);
  return { [Symbol.dispose]: () => mount("umount", "--lazy", path) };
}

function mount(...command: string[]): void {
  const { stderr, success } = Bun.spawnSync(command, { stderr: "pipe" });
  if (!success) throw new Error(`${command.join(" ")}: ${stderr}`);
}
