import { readFileSync } from "node:fs";
import { check } from "../check.ts";
import type { Counter } from "../counter.ts";
import { number } from "../narrator.ts";
import type { Stage } from "../stage.ts";

/** How long nobody reads, in ms. */
const absence = 200;

/** Has nobody read for a while: the process fills its FIFO and then waits, alive. */
export async function stayAway({ narrator }: Stage, { task, output }: Counter): Promise<void> {
  narrator.step("Stay away for a while");
  await Bun.sleep(absence);
  const kept = written(task.pid) - output.bytes;
  narrator.line("process", `${task.pid} runs, and waits: nobody takes what it writes`);
  narrator.line("its FIFO", `keeps ${number(kept)} bytes that it wrote meanwhile`);
  check(kept > 0, `process ${task.pid} wrote nothing while nobody read`);
}

/** How many bytes a process has written since it started. */
function written(pid: number): number {
  const [, bytes] = /^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8")) ?? [];
  return Number(bytes);
}
