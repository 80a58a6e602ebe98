import type { Command } from "commander";
import { takesNext } from "./takes-next.ts";

/**
 * Takes docker's way to give a flag a value: `--sig-proxy=false`, `--rm=true`. Only in what are taskio's
 * own options: their values, and what belongs to a task's command, are left alone.
 */
export function normalizeArgs(args: readonly string[], root: Command): string[] {
  const normalized: string[] = [];
  let command = root;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "--") return [...normalized, ...args.slice(at)];
    if (arg.startsWith("-")) {
      normalized.push(...normalize(arg));
      if (takesNext(arg, command) && at + 1 < args.length) normalized.push(args[++at]!);
      continue;
    }
    if (takesCommand(command)) return [...normalized, ...args.slice(at)];
    normalized.push(arg);
    command = command.commands.find((sub) => sub.name() === arg) ?? command;
  }
  return normalized;
}

/** Whether the words from the first one on are the task's. */
function takesCommand({ registeredArguments }: Command): boolean {
  return registeredArguments.some(({ variadic }) => variadic);
}

const flags =
  "sig-proxy|rm|interactive|tty|detach|no-stdin|read-only|timestamps|follow|force|json|fix";
const withValue = new RegExp(`^--(${flags})=(true|false|1|0|t|f)$`, "i");

function normalize(arg: string): string[] {
  const [, flag, value] = withValue.exec(arg) ?? [];
  if (!flag) return [arg];
  const on = /^(true|1|t)$/i.test(value!);
  if (flag === "sig-proxy") return on ? [] : ["--no-sig-proxy"];
  return on ? [`--${flag}`] : []; // a flag is off without being given
}
