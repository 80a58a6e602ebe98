import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename } from "node:path";

const O_PATH = 0o10000000;
const O_ACCMODE = 3;

/**
 * Whether a process that we may look into has the FIFO open, so that what was written is still there.
 * Looks into /proc only: opening a FIFO as a test disturbs those who wait at it.
 *
 * @param how `writing`: only an fd that can write counts, so that an end will come
 */
export function isHeldOpen(path: string, how?: "writing"): boolean {
  const inode = attempt(() => statSync(path).ino);
  if (inode === undefined) return false;
  const name = `/${basename(path)}`;
  return list("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .some((pid) => list(`/proc/${pid}/fd`).some((fd) => isOpen(pid, fd)));

  function isOpen(pid: string, fd: string): boolean {
    const link = `/proc/${pid}/fd/${fd}`;
    if (!attempt(() => readlinkSync(link))?.endsWith(name)) return false;
    if (attempt(() => statSync(link).ino) !== inode) return false;
    const flags = flagsOf(`/proc/${pid}/fdinfo/${fd}`);
    if (flags & O_PATH) return false; // keeps the name, not the contents
    return how !== "writing" || (flags & O_ACCMODE) !== 0;
  }
}

function flagsOf(fdinfo: string): number {
  const text = attempt(() => readFileSync(fdinfo, "utf8"));
  return Number.parseInt(text?.match(/^flags:\s*([0-7]+)/m)?.[1] ?? "10000000", 8);
}

function list(folder: string): string[] {
  return attempt(() => readdirSync(folder)) ?? [];
}

/** Processes come and go, and others' are not to be looked into. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
