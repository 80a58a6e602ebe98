import type { Command } from "commander";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** The options of `taskio attach`. */
export interface AttachOptions extends GlobalOptions {
  readonly stdin: boolean;
  readonly readOnly?: boolean;
  readonly sigProxy: boolean;
  readonly detachKeys?: string;
}

/** `taskio attach` */
export function attachCommand(exit: Exit): Command {
  return newCommand({
    name: "attach",
    usage: "[OPTIONS] TASK",
    summary: "Connect to the streams of a task",
    description,
  })
    .argument("<task>")
    .option("--detach-keys <string>", 'Keys that leave a terminal (default "ctrl-p,ctrl-q")')
    .option("--no-stdin", "Do not connect stdin")
    .option("--read-only", "Only look on: neither stdin nor signals, and the size stays")
    .option("--no-sig-proxy", "Pass signals on to a task without a terminal (default true)")
    .action(async (id: string, _, self: Command) => {
      const { attach } = await import("../actions/attach.ts");
      exit(await attach(id, self.optsWithGlobals<AttachOptions>()));
    });
}

const description = `A task that was started with -d has any number of viewers: each gets the last output first,
then what comes. One of them has stdin; the others look on with --read-only. Other tasks
have one viewer at a time, who goes on exactly where the last one ended.

Of a task that has ended it prints what is still there, and ends with the task's exit code.`;
