import type { Command } from "commander";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** The options of `taskio logs`. */
export interface LogsOptions extends GlobalOptions {
  readonly follow?: boolean;
  readonly tail?: string;
  readonly since?: string;
  readonly until?: string;
  readonly timestamps?: boolean;
  readonly stream?: string;
}

/** `taskio logs` */
export function logsCommand(exit: Exit): Command {
  return newCommand({
    name: "logs",
    usage: "[OPTIONS] TASK",
    summary: "Print the output of a task that runs with -d, or with --io file:///PATH",
    description,
  })
    .argument("<task>")
    .option("-f, --follow", "Go on until the task has ended")
    .option("--since <string>", "Begin with this time")
    .option("--stream <string>", "Only stdout or stderr")
    .option("-n, --tail <string>", 'How many lines to begin with (default "all")')
    .option("-t, --timestamps", "Begin each line with its time")
    .option("--until <string>", "End with this time")
    .action(async (id: string, _, self: Command) => {
      const { logs } = await import("../actions/logs.ts");
      exit(await logs(id, self.optsWithGlobals<LogsOptions>()));
    });
}

const description = `The task's stderr is printed on stderr. A time is as in 2026-01-02T15:04:05Z, in seconds
since 1970, or how long ago, as in 1h30m. A plain file (--io file:///PATH) keeps neither
times nor streams.`;
