import type { Command } from "commander";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";
import type { ListOptions } from "./ls.ts";

/** `taskio info` */
export function infoCommand(exit: Exit): Command {
  return newCommand({
    name: "info",
    usage: "[OPTIONS]",
    summary: "Show which runtime is used, and what it has",
  })
    .option("--json", "Print a JSON object")
    .action(async (_, self: Command) => {
      const { info } = await import("../actions/info.ts");
      exit(await info(self.optsWithGlobals<ListOptions>()));
    });
}
