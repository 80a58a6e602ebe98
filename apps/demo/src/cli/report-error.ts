import { causesOnce } from "./causes-once.ts";
import { exitCodes } from "./outcome.ts";
import { tell } from "./print.ts";

/** Tells of an error in one line on stderr, and gives the exit code. */
export function reportError(error: unknown): number {
  const message = messageOf(error);
  tell(message);
  return exitCodeOf(message);
}

/** An error in one line. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [...new Set(error.errors.map(messageOf))].join("; ");
  }
  const message = error instanceof Error ? error.message : String(error);
  return causesOnce(message.replace(/\s*\n\s*/g, " ").trim());
}

/**
 * By the words of runc, which the runtimes share: a command that is not there, or can't be run; a
 * working directory that can't be entered, which runc tries to make.
 */
function exitCodeOf(message: string): number {
  if (/\bchdir to cwd |\bcontainer init: mkdir /.test(message)) return exitCodes.notExecutable;
  if (!/\bexec: "/.test(message)) return exitCodes.failed;
  return /executable file not found|no such file or directory|not a directory/.test(message)
    ? exitCodes.notFound
    : exitCodes.notExecutable;
}
