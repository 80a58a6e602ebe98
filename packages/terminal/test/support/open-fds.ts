import { readdirSync, readlinkSync } from "node:fs";

/** How many fds the process has open on a file. */
export function openFds(path: string): number {
  return readdirSync("/proc/self/fd").filter((fd) => linkOf(fd) === path).length;
}

function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined; // the folder's own, closed since
  }
}
