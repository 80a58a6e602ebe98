import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** Makes a root filesystem of busybox and its applets. */
export async function makeRootfs(rootfs: string, busybox: string): Promise<void> {
  for (const name of ["bin", "dev", "etc", "proc", "sys", "tmp"]) {
    mkdirSync(join(rootfs, name), { recursive: true });
  }
  copyFileSync(busybox, join(rootfs, "bin/busybox"));
  const list = await Bun.spawn([busybox, "--list"]).stdout.text();
  for (const applet of list.trim().split("\n")) {
    if (applet === "busybox") continue;
    symlinkSync("busybox", join(rootfs, "bin", applet));
  }
}
