import { type Command, CommanderError } from "commander";
import { commandWord } from "./command-word.ts";
import { reportError } from "./report-error.ts";
import { normalizeArgs } from "./normalize-args.ts";
import { exitCodes, OutputClosed } from "./outcome.ts";
import { tell } from "./print.ts";
import { program } from "./program.ts";

/** Runs one command line and gives the exit code; errors are told on stderr, in one line. */
export async function runCLI(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const root = program((code) => void (exitCode = code));
  const words = normalizeArgs(withHelp(args, root), root);
  try {
    refuseUnknown(words, root);
    await root.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof OutputClosed) return exitCodes.outputClosed;
    if (!(error instanceof CommanderError)) return reportError(error);
    return error.exitCode === 0 ? 0 : badUsage(error, root, words); // 0: --help, --version
  }
}

/** `taskio` and `taskio help run` are what `taskio --help` and `taskio run --help` are. */
function withHelp(args: readonly string[], root: Command): readonly string[] {
  if (args.length === 0) return ["--help"];
  const [first, name] = args;
  if (first !== "help") return args;
  if (name === undefined || name.startsWith("-")) return ["--help"];
  return findCommand(name, root) ? [name, "--help"] : [name];
}

/** Before `--help` and `--version` are taken for the root's. What else is wrong is told by the parser. */
function refuseUnknown(words: readonly string[], root: Command): void {
  const name = commandWord(words, root);
  if (name === undefined || findCommand(name, root)) return;
  if (words.some((word) => ["-h", "--help", "-v", "--version"].includes(word))) {
    root.error(`unknown command '${name}'`);
  }
}

function badUsage(error: CommanderError, root: Command, words: readonly string[]): number {
  const what = whatIsWrong(error);
  const name = commandWord(words, root);
  const command = name === undefined ? undefined : findCommand(name, root);
  const path = command ? `taskio ${command.name()}` : "taskio";
  tell(`${what}: see "${path} --help"`);
  return exitCodes.failed;
}

/** Options without a command get the help from the parser. */
function whatIsWrong({ code, message }: CommanderError): string {
  if (code === "commander.help") return "missing command";
  return message.replace(/^error: /, "").replace(/\.$/, "");
}

function findCommand(name: string, { commands }: Command): Command | undefined {
  return commands.find((sub) => sub.name() === name);
}
