import type { Command, Option } from "commander";
import { globalOptions } from "./global-options.ts";

const globals = new Set(globalOptions().map((option) => option.long));

/** The help of a command, laid out as docker's. */
export function formatHelp(command: Command): string {
  const options = command.options.filter((option) => !option.hidden);
  const own = options.filter((option) => !globals.has(option.long!) && option.long !== "--version");
  const common = options.filter((option) => !own.includes(option));
  const help = command
    .createHelp()
    .visibleOptions(command)
    .filter((o) => o.long === "--help");
  const subcommands = command.commands.map((sub) => [sub.name(), sub.summary()] as const);
  const path = pathOf(command);
  return (
    [
      `Usage:  ${path} ${command.usage()}`,
      command.description(),
      table("Commands", subcommands),
      table("Options", own.map(row)),
      table("Global Options", [...common, ...help].map(row)),
      subcommands.length > 0 && `Run '${path} COMMAND --help' for more information on a command.`,
    ]
      .filter(Boolean)
      .join("\n\n") + "\n"
  );
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function row({ short, long, flags, description }: Option): readonly [string, string] {
  const value = /<(.+)>/.exec(flags)?.[1];
  const name = long!.replace(/^--no-sig-proxy$/, "--sig-proxy");
  return [`${short ? `${short}, ` : "    "}${name}${value ? ` ${value}` : ""}`, description];
}

function table(title: string, rows: readonly (readonly [string, string])[]): string | undefined {
  if (rows.length === 0) return undefined;
  const width = Math.max(...rows.map(([name]) => name.length)) + 3;
  return [`${title}:`, ...rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`)].join("\n");
}
