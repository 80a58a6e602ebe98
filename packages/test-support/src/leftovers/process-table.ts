import { readdirSync, readFileSync } from "node:fs";

/** A process; the start time tells it from a later one with the same pid. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly startTime: string;
}

/** All processes that are there, without those that have ended. */
export function processTable(): ProcessEntry[] {
  return readdirSync("/proc").flatMap((name) => {
    const entry = /^\d+$/.test(name) ? processEntry(Number(name)) : undefined;
    return entry ? [entry] : [];
  });
}

/** Undefined for a process that has ended. */
export function processEntry(pid: number): ProcessEntry | undefined {
  const stat = read(pid, "stat");
  // pid (name) state ppid …: the name may have blanks and brackets. See proc_pid_stat(5).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = "Z", parent, startTime] = [fields[0], fields[1], fields[19]];
  if (!startTime || state === "Z" || state === "X") return undefined;
  return { pid, parent: Number(parent), startTime };
}

/** In clock ticks since the boot; undefined for a process that has ended. */
export function startTimeOf(pid: number): string | undefined {
  return processEntry(pid)?.startTime;
}

/** The command and its arguments; none of a process that has ended. */
export function commandLine(pid: number): string[] {
  return read(pid, "cmdline").split("\0").slice(0, -1);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
