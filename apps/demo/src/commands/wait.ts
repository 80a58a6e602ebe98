import type { Command } from "commander";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** `taskio wait` */
export function waitCommand(exit: Exit): Command {
  return newCommand({
    name: "wait",
    usage: "TASK",
    summary: "Wait until a task has ended, then print its exit code",
  })
    .argument("<task>")
    .action(async (id: string, _, self: Command) => {
      const { wait } = await import("../actions/wait.ts");
      exit(await wait(id, self.optsWithGlobals<GlobalOptions>()));
    });
}
