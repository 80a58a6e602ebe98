import { TaskIOError } from "@taskio/core";
import { engineFailed } from "./engine-failed.ts";
import type { TransferEnd } from "./reactor/transfer.ts";

/** The error of a transfer that the engine failed: `dead` or `stuck`. */
export function transferFailed({ why, cause }: TransferEnd, path: string): TaskIOError {
  if (cause instanceof TaskIOError) return cause;
  if (why === "dead") return engineFailed(cause);
  return new TaskIOError(
    "ENGINE_FAILED",
    `the copy of "${path}" does not stop: a read or write of the other side does not return, as on a slow disk`,
    { path },
  );
}
