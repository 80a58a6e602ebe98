import { expectNoLeaks, type Resources } from "@taskio/testkit";
import { readdirSync, readFileSync } from "node:fs";
import { check } from "../check.ts";
import type { Stage } from "../stage.ts";

/** Compares with the start: processes, fds (sockets among them), threads, and what is in the folder. */
export async function findNothingLeft(stage: Stage, before: Resources): Promise<void> {
  const { narrator, folder, pids } = stage;
  narrator.step("Look for anything left behind");
  const groups = new Set(pids);
  const running = processes().filter(
    ({ group, parent }) => groups.has(group) || parent === process.pid,
  );
  check(running.length === 0, `processes are left: ${running.map(({ pid }) => pid).join(", ")}`);
  narrator.right("processes", `none of ${pids.length} is left`);
  await expectNoLeaks(before);
  narrator.right(
    "fds",
    "no file, FIFO or socket is open that was not at the start, and no thread more",
  );
  const entries = readdirSync(folder, { recursive: true });
  check(entries.length === 0, `left in ${folder}: ${entries.join(", ")}`);
  narrator.right("FIFOs", `${folder} is empty`);
}

/** All processes of the machine, zombies too. */
function processes(): { pid: number; parent: number; group: number }[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const stat = statOf(pid);
    if (stat === undefined) return [];
    const [, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group) }];
  });
}

function statOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined; // it has ended meanwhile
  }
}
