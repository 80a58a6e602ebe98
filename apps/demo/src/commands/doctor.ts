import type { Command } from "commander";
import { collect } from "../cli/collect.ts";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** The options of `taskio doctor`. */
export interface DoctorOptions extends GlobalOptions {
  readonly fix?: boolean;
  readonly olderThan: string;
  readonly fifoDir?: readonly string[];
  readonly json?: boolean;
}

/** How old a FIFO folder or a log has to be that nobody needs. */
export const defaultMinutes = "10";

/** `taskio doctor` */
export function doctorCommand(exit: Exit): Command {
  return newCommand({
    name: "doctor",
    usage: "[OPTIONS]",
    summary: "Look for tasks that are blocked, and for FIFOs and logs that were left behind",
    description,
  })
    .option("--fifo-dir <list>", "Look for FIFO folders in this folder too", collect)
    .option("--fix", "Remove FIFO folders and logs that nobody needs")
    .option("--json", "Print a JSON object")
    .option(
      "--older-than <minutes>",
      `How long they must be unchanged (default ${defaultMinutes})`,
      defaultMinutes,
    )
    .action(async (_, self: Command) => {
      const { doctor } = await import("../actions/doctor.ts");
      exit(await doctor(self.optsWithGlobals<DoctorOptions>()));
    });
}

const description = `Looks at the tasks of all namespaces, and opens no FIFO: nobody notices. Marks what is fine
with "✓", what to do something about with "!", and what to know with "-".

Exit codes: 0 nothing is found, or it is fixed, 1 something is, 125 it can't be looked.`;
