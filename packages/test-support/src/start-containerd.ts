import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { config } from "./config/config.ts";
import { containerdVersion } from "./containerd-version.ts";
import { makeDaemonFolder } from "./daemon-folder.ts";
import type { Daemon } from "./daemon.ts";
import { FolderDaemon } from "./folder-daemon.ts";
import { findTools } from "./find-tools.ts";
import { sweep } from "./leftovers/sweep.ts";
import { makeRootfs } from "./make-rootfs.ts";
import { writeTools } from "./write-tools.ts";

/** How to start a daemon. */
export interface StartOptions {
  /** Has `containerd`, `containerd-shim-runc-v2` and `ctr`. `$TASKIO_TEST_CONTAINERD`, else `$PATH`. */
  readonly tools?: string;
  readonly signal?: AbortSignal;
}

/**
 * Starts a containerd in a folder of its own, and removes before what test processes have left that
 * were killed.
 *
 * @throws Error where a tool is missing, or the daemon does not start: with its log
 */
export async function startContainerd({ tools: from, signal }: StartOptions = {}): Promise<Daemon> {
  signal?.throwIfAborted();
  const tools = findTools(from);
  const version = containerdVersion(join(tools.folder, "containerd"));
  await sweep(tools.runc);
  const folder = makeDaemonFolder();
  const daemon = new FolderDaemon(folder, tools, version);
  try {
    copyFileSync("/proc/self/cgroup", folder.cgroups);
    writeTools(folder, tools);
    await Bun.write(folder.config, config(folder, version));
    await Promise.all([daemon.start({ signal }), makeRootfs(folder.rootfs, tools.busybox)]);
    return daemon;
  } catch (error) {
    await daemon.stop();
    throw error;
  }
}
