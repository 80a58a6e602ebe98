import type { Command } from "commander";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** The options of `taskio logs`. */
export interface LogsOptions extends GlobalOptions {
  readonly follow?: boolean;
}

/** `taskio logs` */
export function logsCommand(exit: Exit): Command {
  return newCommand({
    name: "logs",
    usage: "[OPTIONS] TASK",
    summary: "Print the output of a task that runs with -d, or with --io file:///PATH",
  })
    .argument("<task>")
    .option("-f, --follow", "Go on until the task has ended")
    .action(async (id: string, _, self: Command) => {
      const { logs } = await import("../actions/logs.ts");
      exit(await logs(id, self.optsWithGlobals<LogsOptions>()));
    });
}
