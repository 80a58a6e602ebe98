import { constants } from "node:os";
import { TaskIOError } from "@taskio/core";

/**
 * The number of a signal.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 */
export function signalNumber(signal: string | number): number {
  const number =
    typeof signal === "number"
      ? signal
      : constants.signals[signal as keyof typeof constants.signals];
  if (Number.isInteger(number) && number > 0 && number <= 64) return number;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid signal ${JSON.stringify(signal)}: give a name such as "SIGTERM", or a number from 1 to 64`,
  );
}
