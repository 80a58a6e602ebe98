import { constants } from "node:os";

const controller = new AbortController();

/** Aborts when this process is asked to end; its reason is the exit code. All that was begun is cleaned up. */
export const interrupted: AbortSignal = controller.signal;

for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => controller.abort(128 + constants.signals[name]));
}
