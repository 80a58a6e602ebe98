import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Daemon } from "../../src/index.ts";
import { mounts } from "../../src/leftovers/mounts.ts";
import {
  type ProcessEntry,
  processEntry,
  processTable,
} from "../../src/leftovers/process-table.ts";

/** What a daemon has made on the machine, as the machine tells it. */
export interface Traces {
  readonly processes: readonly (ProcessEntry & { readonly command: string })[];
  /** Its folder, the sockets of its shims, the cgroups of its tasks. */
  readonly paths: readonly string[];
  readonly folder: string;
}

/** Those that are there now. */
export function tracesOf(daemon: Daemon): Traces {
  const folder = dirname(daemon.address);
  const table = processTable().map((entry) => ({ ...entry, command: commandOf(entry.pid) }));
  const named = table.filter(({ command }) => command.includes(`${folder}/`));
  const shims = named.filter(({ command }) => command.includes("containerd-shim-runc-v2"));
  const tasks = table.filter(({ parent }) => shims.some(({ pid }) => pid === parent));
  const sockets = shims.flatMap(({ pid }) => socketsOf(pid));
  const cgroups = tasks.flatMap(({ pid }) => cgroupsOf(pid));
  const paths = [...new Set([folder, ...sockets, ...cgroups])];
  return { processes: [...named, ...tasks], paths, folder };
}

/** What is left of them. */
export function leftOf({ processes, paths, folder }: Traces): string[] {
  return [
    ...processes
      .filter(({ pid, startTime }) => processEntry(pid)?.startTime === startTime)
      .map(({ pid, command }) => `process ${pid}: ${command}`),
    ...paths.filter((path) => existsSync(path)),
    ...mounts().flatMap(({ path }) => (path.startsWith(folder) ? [`mount ${path}`] : [])),
  ];
}

function commandOf(pid: number): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

/** The sockets in /run/containerd/s. See proc_net(5). */
function socketsOf(pid: number): string[] {
  const inodes = readdirSync(`/proc/${pid}/fd`).map(
    (fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1],
  );
  return readFileSync("/proc/net/unix", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, , , , , , inode, path]) => inodes.includes(inode) && path?.includes("/containerd/s/"),
    )
    .map((fields) => fields[7]!);
}

/** The folders of this process's cgroups, one in each hierarchy. See cgroups(7). */
export function ownCgroups(): string[] {
  const names = cgroupNames("self");
  return hierarchies().map((top) => {
    const own = names.map((name) => join(top, name)).filter((path) => existsSync(path));
    return own.reduce((a, b) => (a.length > b.length ? a : b), top);
  });
}

/** The folders of a task's cgroups, and the namespace's around them, in every hierarchy. */
function cgroupsOf(pid: number): string[] {
  const notMoved = cgroupNames("self");
  const names = cgroupNames(pid).filter((name) => !notMoved.includes(name));
  const paths = hierarchies().flatMap((top) => names.map((name) => join(top, name)));
  return paths.flatMap((path) => [path, dirname(path)]).filter((path) => existsSync(path));
}

function hierarchies(): string[] {
  return mounts().flatMap(({ path, type }) => (type.startsWith("cgroup") ? [path] : []));
}

function cgroupNames(pid: number | "self"): string[] {
  const lines = textOf(`/proc/${pid}/cgroup`).trim().split("\n");
  return [...new Set(lines.map((line) => line.replace(/^\d+:[^:]*:/, "")))];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
