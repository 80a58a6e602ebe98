import { isWired, TaskIOError } from "@taskio/core";
import { isHeldOpen } from "./is-held-open.ts";
import type { ProcessStatus } from "./process-status.ts";

/**
 * Refuses what can't be attached to, such as a stopped process whose output is gone (c#2150, c#7680).
 * Where it can't be seen whether it is gone it can be attached to, and ends at once if it is. Nothing
 * is opened.
 *
 * @throws TaskIOError `NOT_ATTACHABLE`
 */
export function checkAttachable(
  { state, config, exit }: Pick<ProcessStatus, "state" | "config" | "exit">,
  what: string,
): void {
  const outputs = [config.stdout, config.stderr].filter(isWired);
  for (const path of [...outputs, config.stdin]) {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(path)?.[1];
    if (!scheme) continue;
    throw refused(`the streams of the ${what} are a ${scheme}:// URI, which has no FIFO`); // c#6422
  }
  if (outputs.length === 0 && !isWired(config.stdin)) throw refused(`the ${what} has no streams`);
  if (state === "unknown") throw refused(`the runtime can't tell the state of the ${what}`);
  if (state !== "stopped" || isHeldOpen(outputs) !== false) return;
  throw refused(`the ${what} has stopped with exit code ${exit?.exitCode} and its output is gone`);
}

function refused(why: string): TaskIOError {
  return new TaskIOError("NOT_ATTACHABLE", `${why}: load it without attach`);
}
