import type { Command } from "commander";
import { attachCommand } from "../commands/attach.ts";
import { doctorCommand } from "../commands/doctor.ts";
import { execCommand } from "../commands/exec.ts";
import { infoCommand } from "../commands/info.ts";
import { killCommand } from "../commands/kill.ts";
import { logsCommand } from "../commands/logs.ts";
import { lsCommand } from "../commands/ls.ts";
import { rmCommand } from "../commands/rm.ts";
import { runCommand } from "../commands/run.ts";
import { waitCommand } from "../commands/wait.ts";
import { newCommand } from "./new-command.ts";

/** Told how a command ended. */
export type Exit = (exitCode: number) => void;

/** The whole command line. What a command needs to do its work is imported when it is run. */
export function program(exit: Exit): Command {
  const root = newCommand({
    name: "taskio",
    usage: "[OPTIONS] COMMAND",
    summary: "Run processes as tasks, leave them, and come back to them",
    versionFlags: "-v, --version",
  });
  root.helpCommand(false).enablePositionalOptions();
  for (const make of commands) root.addCommand(make(exit));
  return root;
}

const commands = [
  runCommand,
  attachCommand,
  execCommand,
  lsCommand,
  infoCommand,
  waitCommand,
  killCommand,
  rmCommand,
  logsCommand,
  doctorCommand,
];
