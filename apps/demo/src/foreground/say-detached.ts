import { isatty } from "node:tty";
import { commandLine } from "../cli/command-line.ts";
import type { GlobalOptions } from "../cli/global-options.ts";
import { tell } from "../cli/print.ts";
import { writeSync } from "node:fs";

/** Says that a task goes on without us, and how to come back. */
export function sayDetached(id: string, options: GlobalOptions): void {
  if (isatty(2)) writeSync(2, "\r\n"); // the cursor is where the task left it
  const attach = commandLine(options)(`attach ${id}`);
  tell(`detached from ${id}, which goes on: come back with ${attach}`);
}
