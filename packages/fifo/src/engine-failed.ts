import { TaskIOError } from "@taskio/core";

/** The error of streams whose reactor died under them. */
export function engineFailed(cause: unknown): TaskIOError {
  return new TaskIOError(
    "ENGINE_FAILED",
    "the FIFO reactor's thread has ended: nothing is lost, attach again to go on",
    { cause },
  );
}
