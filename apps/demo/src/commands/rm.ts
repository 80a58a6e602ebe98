import type { Command } from "commander";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** The options of `taskio rm`. */
export interface RmOptions extends GlobalOptions {
  readonly force?: boolean;
}

/** `taskio rm` */
export function rmCommand(exit: Exit): Command {
  return newCommand({
    name: "rm",
    usage: "[OPTIONS] TASK",
    summary: "Remove a task that has ended, with what is left of its output",
  })
    .argument("<task>")
    .option("-f, --force", "Kill it first where it still runs")
    .action(async (id: string, _, self: Command) => {
      const { rm } = await import("../actions/rm.ts");
      exit(await rm(id, self.optsWithGlobals<RmOptions>()));
    });
}
