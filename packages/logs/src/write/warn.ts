import { TaskIOError } from "@taskio/core";
import type { LogLoss } from "./log-loss.ts";

/** What becomes of an error that the program does not ask for. */
export function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

/** What becomes of a loss that the program does not ask for. */
export function warnOfLoss({ bytes, error, over }: LogLoss): void {
  const lost = `${bytes} bytes of output are lost`;
  const message = over ? `${lost}, the log is written again` : `${lost}: ${error.message}`;
  warn(new TaskIOError(error.code, message, { cause: error }));
}
