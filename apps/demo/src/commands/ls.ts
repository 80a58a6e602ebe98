import type { Command } from "commander";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** The options of `taskio ls` and `taskio info`. */
export interface ListOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** `taskio ls` */
export function lsCommand(exit: Exit): Command {
  return newCommand({ name: "ls", usage: "[OPTIONS]", summary: "List tasks, ended ones too" })
    .option("--json", "Print a JSON array")
    .action(async (_, self: Command) => {
      const { ls } = await import("../actions/ls.ts");
      exit(await ls(self.optsWithGlobals<ListOptions>()));
    });
}
