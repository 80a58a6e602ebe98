import type { GlobalOptions } from "../cli/global-options.ts";
import { printLines } from "../cli/print.ts";
import { awaitExit, tellUnknown } from "../client/await-exit.ts";
import { findTask } from "../client/find-task.ts";
import { openRuntime } from "../client/open-runtime.ts";
import { untilBack } from "../client/until-back.ts";

/** Prints the exit code of a task when it has ended. */
export async function wait(name: string, options: GlobalOptions): Promise<number> {
  await using runtime = await openRuntime(options);
  const { client } = runtime;
  const task = await untilBack(runtime, async () => {
    const { id } = await findTask(runtime, name);
    return client.loadTask(id);
  });
  const exit = await awaitExit(runtime, task);
  tellUnknown(task, exit);
  printLines(String(exit.exitCode));
  return 0;
}
