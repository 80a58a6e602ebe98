import type { Command } from "commander";
import { collect } from "../cli/collect.ts";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** The options of `taskio exec`. */
export interface ExecOptions extends GlobalOptions {
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly detach?: boolean;
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
}

/** `taskio exec` */
export function execCommand(exit: Exit): Command {
  return newCommand({
    name: "exec",
    usage: "[OPTIONS] TASK -- COMMAND [ARG...]",
    summary: "Run another command in a running task",
    description,
  })
    .argument("<task>")
    .argument("<command>")
    .argument("[args...]")
    .passThroughOptions()
    .option("-d, --detach", "Run the command in the background, without its output")
    .option("-e, --env <list>", "Set an environment variable, or pass one on", collect)
    .option("-i, --interactive", "Connect stdin")
    .option("-t, --tty", "Give the command a terminal")
    .option(
      "-u, --user <string>",
      "User, UID or either with :GROUP, on containerd (default: the task's)",
    )
    .option("-w, --workdir <string>", "Working directory of the command (default: the task's)")
    .action(async (id: string, command: string, args: string[], _, self: Command) => {
      const { exec } = await import("../actions/exec.ts");
      exit(await exec(id, afterDashes([command, ...args]), self.optsWithGlobals<ExecOptions>()));
    });

  /** Behind the task's id, "--" is left to us. */
  function afterDashes(words: string[]): string[] {
    return words[0] === "--" ? words.slice(1) : words;
  }
}

const description = `Environment, working directory, user and rights are the task's where they are not given.
Exit codes are those of "taskio run".`;
