import { constants } from "node:os";

/** Ends the process by a signal that nobody listens to, so that its parent sees which one it was. */
export function raise(signal: NodeJS.Signals): never {
  process.kill(process.pid, signal);
  process.exit(128 + constants.signals[signal]); // where it is blocked
}
