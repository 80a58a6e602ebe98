import { basename } from "node:path";
import { commandLine, processEntry, type ProcessEntry, processTable } from "./process-table.ts";
import { until } from "../until.ts";

/** What descends from the daemon of a folder, its shims and clients: the tasks, for one. */
export function tasksIn(folder: string): ProcessEntry[] {
  const table = processTable();
  return descendants(table, toolsOf(folder, table));
}

/** Kills the daemon of a folder, its shims and clients, and waits for their end. */
export async function endTools(folder: string): Promise<void> {
  await until(() => kill(toolsOf(folder, processTable())), `the end of the processes of ${folder}`);
}

/** Kills processes, and waits for their end. */
export async function end(processes: readonly ProcessEntry[]): Promise<void> {
  await until(() => kill(processes), `the end of ${processes.map(({ pid }) => pid).join(", ")}`);
}

/** The daemon is the first: it would clean up after a shim that ends before it. */
function toolsOf(folder: string, table: readonly ProcessEntry[]): ProcessEntry[] {
  const tools = table.flatMap((entry) => {
    const [command = "", ...args] = commandLine(entry.pid);
    const isOurs = args.some((arg) => arg.startsWith(`${folder}/`));
    return isOurs && /^(containerd|ctr|runc)\b/.test(basename(command)) ? [{ command, entry }] : [];
  });
  const isDaemon = (command: string) => Number(basename(command) === "containerd");
  return tools.sort((a, b) => isDaemon(b.command) - isDaemon(a.command)).map(({ entry }) => entry);
}

function descendants(
  table: readonly ProcessEntry[],
  ancestors: readonly ProcessEntry[],
): ProcessEntry[] {
  const pids = new Set(ancestors.map(({ pid }) => pid));
  const found = new Set<ProcessEntry>();
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const entry of table) {
      if (!pids.has(entry.parent) || pids.has(entry.pid)) continue;
      pids.add(entry.pid);
      found.add(entry);
    }
  }
  return [...found];
}

/** Whether none was there any more. */
function kill(processes: readonly ProcessEntry[]): boolean {
  const alive = processes.filter(
    ({ pid, startTime }) => processEntry(pid)?.startTime === startTime,
  );
  for (const { pid } of alive) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {} // it has ended just now
  }
  return alive.length === 0;
}
