import { ago } from "../../cli/ago.ts";
import type { LogFile } from "../log-files.ts";
import type { Logs } from "../logs.ts";
import { type Line, list, many } from "./line.ts";

/**
 * The log files that were left behind, and what was done.
 *
 * @param fix the command line that removes them
 */
export function aboutLogs({ orphaned, removed, kept }: Logs, fix: string): Line[] {
  return [
    ...list("✓", "removed", unneeded(removed), removed.map(nameOf)),
    ...list("!", "orphaned", `${unneeded(orphaned)}: ${fix} removes them`, orphaned.map(nameOf)),
    ...list(
      ...(["!", "kept", "these could not be removed"] as const),
      kept.map((file) => `${nameOf(file)}: ${file.reason}`),
    ),
  ];
}

function unneeded({ length }: readonly unknown[]): string {
  return `${many(length, "log file")} without ${length === 1 ? "its container" : "their containers"}`;
}

function nameOf({ path, bytes, changed }: LogFile): string {
  return `${path} (${many(bytes, "byte")}), unchanged for ${ago(new Date(changed))}`;
}
