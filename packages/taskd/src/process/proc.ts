import { readdirSync, readFileSync } from "node:fs";

/** What /proc says of a process. */
export interface ProcStat {
  readonly pid: number;
  readonly state: string;
  readonly session: number;
  /** The kernel's: `PF_…`. */
  readonly flags: number;
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
  return {
    pid,
    state: fields[0]!,
    session: Number(fields[3]),
    flags: Number(fields[6]),
    startTime: fields[19]!,
  };
}

/** Of the kernel's flags of a process: it is on its way out (`PF_EXITING`), its files may be closed. */
const exitingFlag = 0x4;

/** Whether a process has ended, or has begun to: before any of its files is closed for that. */
export function isEnding(pid: number): boolean {
  const stat = procStat(pid);
  return !stat || !isAlive(stat) || (stat.flags & exitingFlag) !== 0;
}

/**
 * What tells a process from a later one with the same pid, also after a reboot; undefined when it is
 * gone or a zombie.
 */
export function processIdentity(pid: number): string | undefined {
  const stat = procStat(pid);
  return stat && isAlive(stat) ? identityOf(stat) : undefined;
}

/** As {@link processIdentity}, but also of a zombie: nobody else has its pid. */
export function pidIdentity(pid: number): string | undefined {
  const stat = procStat(pid);
  return stat && identityOf(stat);
}

/**
 * Whether a pid can't have become another's by now, as long as there is a process in the session that
 * this process began: the kernel gives no pid that is still a session's. Not so after a reboot.
 */
export function isStillIts(pid: number, identity: string): boolean {
  const there = pidIdentity(pid);
  return there === undefined ? identity.startsWith(`${bootId()}/`) : there === identity;
}

function identityOf({ startTime }: ProcStat): string {
  return `${bootId()}/${startTime}`;
}

let readBootId: string | undefined;

function bootId(): string {
  return (readBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
}

/**
 * The live processes of the session that a process began, itself first: also at its very start, when
 * it has not begun the session yet.
 */
export function sessionMembers(leader: number): number[] {
  return liveProcesses()
    .filter(({ pid, session }) => session === leader || pid === leader)
    .map(({ pid }) => pid)
    .sort((a, b) => Number(b === leader) - Number(a === leader) || a - b);
}

/** The sessions that have a live process. */
export function liveSessions(): Set<number> {
  return new Set(liveProcesses().map(({ session }) => session));
}

function liveProcesses(): ProcStat[] {
  return readdirSync("/proc").flatMap((name) => {
    const stat = Number(name) > 0 ? procStat(Number(name)) : undefined;
    return stat && isAlive(stat) ? [stat] : [];
  });
}

function isAlive({ state }: ProcStat): boolean {
  return state !== "Z" && state !== "X";
}
