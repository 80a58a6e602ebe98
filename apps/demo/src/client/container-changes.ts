import {
  type SpecOpt,
  withEnv as withVariables,
  withHostNamespace,
  withLinuxNamespace,
  withMounts,
  withTTY,
  withTTYSize,
  withUser,
} from "@taskio/containerd";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { RunOptions } from "../commands/run.ts";
import { consoleSize } from "../foreground/follow-size.ts";
import { terminalType } from "./terminal-type.ts";
import { withEnv } from "./with-env.ts";

/** What `run` was asked for, over what an image or a folder give. */
export function changesTo(options: RunOptions): SpecOpt[] {
  const { tty, env, workdir, net } = options;
  const { consoleSize: size } = newTerminalSize(options);
  return [
    ...(tty ? [withTTY, withVariables([terminalType()])] : []),
    ...(size ? [withTTYSize(size.width, size.height)] : []),
    withVariables(withEnv([], env)),
    ...(workdir === undefined ? [] : [withWorkdir(workdir)]),
    ...(net === "host" ? hostNetwork() : []),
    ...ofAnyRoot(options),
  ];
}

/** What of it is the same for a container that has this system's folders. */
export function ofAnyRoot({ user, net }: RunOptions): SpecOpt[] {
  return [
    ...(user === undefined ? [] : [withUser(user)]),
    ...(net === "none" ? [withLinuxNamespace({ type: "network" })] : []),
  ];
}

/** The size of a new task's terminal, where it is ours. */
export function newTerminalSize({ tty, detach }: RunOptions): ReturnType<typeof consoleSize> {
  return tty && !detach ? consoleSize() : {};
}

/** Relative to where it would start. */
function withWorkdir(workdir: string): SpecOpt {
  return ({ process }) => {
    if (process) process.cwd = resolve(process.cwd, workdir);
  };
}

/** With the host's network go its names, as `ctr run --net-host` has it. */
function hostNetwork(): SpecOpt[] {
  const files = ["/etc/hosts", "/etc/resolv.conf"].filter((path) => existsSync(path));
  const options = ["rbind", "ro"];
  const mounts = files.map((path) => ({ destination: path, type: "bind", source: path, options }));
  return [withHostNamespace("network"), withMounts(mounts)];
}
