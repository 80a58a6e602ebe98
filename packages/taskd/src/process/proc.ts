import { readdirSync, readFileSync } from "node:fs";

/** What /proc says of a process. */
export interface ProcStat {
  readonly pid: number;
  readonly state: string;
  readonly session: number;
  /** In ticks since the boot. */
  readonly startTime: string;
}

/** Undefined when there is no such process. */
export function procStat(pid: number): ProcStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // the second field is the command in parentheses, which may have any character in it
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { pid, state: fields[0]!, session: Number(fields[3]), startTime: fields[19]! };
}

let bootId: string | undefined;

/**
 * What tells a process from a later one with the same pid, also after a reboot; undefined when it is
 * gone or a zombie.
 */
export function processIdentity(pid: number): string | undefined {
  const stat = procStat(pid);
  if (!stat || stat.state === "Z" || stat.state === "X") return undefined;
  bootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return `${bootId}/${stat.startTime}`;
}

/** The live processes of the session that a process began, itself first. */
export function sessionMembers(leader: number): number[] {
  const members: number[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!(pid > 0)) continue;
    const stat = procStat(pid);
    if (stat?.session === leader && stat.state !== "Z" && stat.state !== "X") members.push(pid);
  }
  return members.sort((a, b) => Number(b === leader) - Number(a === leader) || a - b);
}
