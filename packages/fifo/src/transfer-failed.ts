import { TaskIOError } from "@taskio/core";
import type { TransferEnd } from "./reactor/transfer.ts";
import { engineFailed } from "./reactor/watch.ts";

/** The error of a transfer that the engine failed: `dead` or `stuck`. */
export function transferFailed({ why, cause }: Pick<TransferEnd, "why" | "cause">, path: string) {
  if (why === "dead") return engineFailed(cause);
  return new TaskIOError(
    "ENGINE_FAILED",
    `a write of what "${path}" gives does not return: its sink may be a slow disk`,
    { path },
  );
}
