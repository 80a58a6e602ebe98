import { type Config, isWired } from "@taskio/core";
import { closeSync, constants, openSync } from "node:fs";

/**
 * Lets the outputs of a task that has stopped come to their end where their writers had gone before we
 * read them: who waits for a writer sees one that comes and goes. Where there is one still, nothing
 * changes.
 */
export function endWithoutWriter({ stdout, stderr }: Config): void {
  for (const path of [stdout, stderr].filter(isWired)) {
    try {
      closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    } catch {} // it was removed, or is at its end
  }
}
