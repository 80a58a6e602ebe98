import type { Command } from "commander";
import { collect } from "../cli/collect.ts";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** The options of `taskio run`. */
export interface RunOptions extends GlobalOptions {
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly detach?: boolean;
  readonly rm?: boolean;
  readonly name?: string;
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly io?: string;
  readonly detachKeys?: string;
}

/** `taskio run` */
export function runCommand(exit: Exit): Command {
  return newCommand({
    name: "run",
    usage: "[OPTIONS] -- COMMAND [ARG...]",
    summary: "Run a command as a new task",
    description,
  })
    .argument("<command>")
    .argument("[args...]")
    .passThroughOptions()
    .option("-d, --detach", "Run the task in the background and print its id")
    .option("--detach-keys <string>", 'Keys that leave a terminal (default "ctrl-p,ctrl-q")')
    .option("-e, --env <list>", "Set an environment variable, or pass one on", collect)
    .option("-i, --interactive", "Connect stdin")
    .option("--io <string>", 'Streams: "fifo", "null", "file:///PATH" or "binary:///PATH"')
    .option("--name <string>", "Id of the task (default: a random one)")
    .option("--rm", "Remove the task when it has ended")
    .option("-t, --tty", "Give the task a terminal")
    .option("-w, --workdir <string>", "Working directory of the task (default: this one)")
    .action(async (command: string, args: string[], _, self: Command) => {
      const { run } = await import("../actions/run.ts");
      exit(await run([command, ...args], self.optsWithGlobals<RunOptions>()));
    });
}

const description = `Without -d the task's output is shown here, its exit code becomes taskio's, and
signals are passed on to it. With -d its output goes to a file, for "taskio logs";
with -dt or -di it waits in FIFOs, as far as they hold it, for "taskio attach".`;
