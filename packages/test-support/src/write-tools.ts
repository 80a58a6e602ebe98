import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DaemonFolder } from "./daemon-folder.ts";
import type { Tools } from "./find-tools.ts";

/**
 * Writes what a daemon finds first on its `$PATH`: a `runc` that keeps its state in the daemon's folder
 * also where a client does not ask for it, and a shim that notes down for which task it is started.
 */
export function writeTools({ bin, runcRoot, shims }: DaemonFolder, { folder, runc }: Tools): void {
  mkdirSync(bin);
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(join(bin, name), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
  write("runc", [
    'case "$1 $2" in "--root /run/containerd/runc/"*)', // the shim's default
    `  root="${runcRoot}/\${2##*/}"`,
    "  shift 2",
    '  set -- --root "$root" "$@" ;;',
    "esac",
    `exec "${runc}" "$@"`,
  ]);
  const shim = "containerd-shim-runc-v2";
  write(shim, [`echo "$*" >> "${shims}"`, `exec "${join(folder, shim)}" "$@"`]);
}
