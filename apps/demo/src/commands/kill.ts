import type { Command } from "commander";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** The options of `taskio kill`. */
export interface KillOptions extends GlobalOptions {
  readonly signal: string;
}

/** `taskio kill` */
export function killCommand(exit: Exit): Command {
  return newCommand({ name: "kill", usage: "[OPTIONS] TASK", summary: "Send a signal to a task" })
    .argument("<task>")
    .option("-s, --signal <string>", 'Signal by name or number (default "KILL")', "KILL")
    .action(async (id: string, _, self: Command) => {
      const { kill } = await import("../actions/kill.ts");
      exit(await kill(id, self.optsWithGlobals<KillOptions>()));
    });
}
