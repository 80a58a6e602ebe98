import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** Makes a root filesystem of busybox and its applets. */
export function makeRootfs(rootfs: string, busybox: string): void {
  for (const name of ["bin", "dev", "etc", "proc", "sys", "tmp"]) {
    mkdirSync(join(rootfs, name), { recursive: true });
  }
  copyFileSync(busybox, join(rootfs, "bin/busybox"));
  const applets = Bun.spawnSync([busybox, "--list"]).stdout.toString().trim().split("\n");
  for (const applet of applets.filter((name) => name !== "busybox")) {
    symlinkSync("busybox", join(rootfs, "bin", applet));
  }
}
