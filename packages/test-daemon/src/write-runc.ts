import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DaemonFolder } from "./daemon-folder.ts";

/**
 * Writes a `runc` that keeps its state in the daemon's folder also where a client does not ask for it:
 * the shim's default is the machine's, where ids of other daemons may be the same.
 */
export function writeRunc({ bin, runcRoot }: DaemonFolder, runc: string): void {
  const script = `#!/bin/sh
case "$1 $2" in "--root /run/containerd/runc/"*)
  root="${runcRoot}/\${2##*/}"
  shift 2
  set -- --root "$root" "$@" ;;
esac
exec "${runc}" "$@"
`;
  mkdirSync(bin);
  writeFileSync(join(bin, "runc"), script, { mode: 0o755 });
}
