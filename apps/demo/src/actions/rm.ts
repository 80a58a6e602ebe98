import { printLines } from "../cli/print.ts";
import { openRuntime } from "../client/open-runtime.ts";
import { removeTask } from "../client/remove-task.ts";
import type { RmOptions } from "../commands/rm.ts";

/** Removes a task. */
export async function rm(name: string, { force = false, ...options }: RmOptions): Promise<number> {
  await using runtime = await openRuntime(options);
  await removeTask(runtime, name, { kill: force });
  printLines(name);
  return 0;
}
