import type { GlobalOptions } from "../cli/global-options.ts";
import { printLines } from "../cli/print.ts";
import { findTask } from "../client/find-task.ts";
import { openRuntime } from "../client/open-runtime.ts";

/** Prints the exit code of a task when it has ended. */
export async function wait(id: string, options: GlobalOptions): Promise<number> {
  await using runtime = await openRuntime(options);
  await findTask(runtime.client, id);
  const task = await runtime.client.loadTask(id);
  const { exitCode } = await task.wait();
  printLines(String(exitCode));
  return 0;
}
