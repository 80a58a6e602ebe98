import { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { globalOptions } from "./global-options.ts";
import { formatHelp } from "./format-help.ts";
import { print } from "./print.ts";

/** What a command line may look like, and what it does. */
export interface CommandParts {
  readonly name: string;
  /** The rest of the usage line, as docker writes it: `[OPTIONS] TASK`. */
  readonly usage: string;
  readonly summary: string;
  /** More than the summary, for the command's own help. */
  readonly description?: string;
  /** The flags that print the version: `-v` alone could be a command's own, as docker's `run -v`. */
  readonly versionFlags?: string;
}

/** A command whose help reads like docker's and whose errors are thrown. */
export function newCommand(parts: CommandParts): Command {
  const { name, usage, summary, description, versionFlags = "--version" } = parts;
  const command = new Command(name)
    .usage(usage)
    .summary(summary)
    .description(description ? `${summary}\n\n${description}` : summary)
    .configureHelp({ formatHelp })
    .configureOutput({ writeOut: print, writeErr: () => {} }) // errors are told by who catches them
    .exitOverride()
    .helpOption("-h, --help", "Print this help and quit")
    .allowExcessArguments(false)
    .showSuggestionAfterError(false);
  for (const option of globalOptions()) command.addOption(option);
  return command.version(
    `taskio ${manifest.version}`,
    versionFlags,
    "Print version information and quit",
  );
}
