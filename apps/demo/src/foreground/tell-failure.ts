import { messageOf } from "../cli/report-error.ts";
import { tell } from "../cli/print.ts";
import { isNotFound } from "../client/is-not-found.ts";
import { isSilent, isUnavailable } from "../client/until-back.ts";

/**
 * Tells of what failed beside a process that is followed. Who waits for it tells that it is gone, or
 * that its runtime is, but goes on with one that is silent.
 */
export function tellFailure(error: unknown, left: AbortSignal): void {
  if (left.aborted || isNotFound(error)) return;
  if (isUnavailable(error) && !isSilent(error)) return;
  tell(messageOf(error));
}
