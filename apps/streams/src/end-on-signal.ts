import { constants } from "node:os";
import type { Stage } from "./stage.ts";

/** Has Ctrl-C and the like leave nothing behind. */
export function endOnSignal(stage: Stage): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, async () => {
      process.exitCode = 128 + constants.signals[signal];
      stage.narrator.silence(); // the step under way is about to fail
      await stage[Symbol.asyncDispose]();
      process.exit();
    });
  }
}
