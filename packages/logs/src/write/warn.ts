import { TaskIOError } from "@taskio/core";
import type { LogLoss } from "./log-loss.ts";

/** What becomes of an error that the program does not ask for. */
export function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

/** What becomes of a loss that the program does not ask for. */
export function warnOfLoss(loss: LogLoss): void {
  const { bytes, error } = loss;
  const message = `${bytes} bytes of output are lost${howItEnds(loss)}`;
  warn(new TaskIOError(error.code, message, { cause: error }));
}

function howItEnds({ error, over, closed }: LogLoss): string {
  if (!over) return `: ${error.message}`;
  return closed ? ", until the log was closed" : ", the log is written again";
}
