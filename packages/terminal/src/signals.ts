/**
 * The signals that {@link forwardSignals} takes: those that somebody sends to a client and means the
 * task. {@link forwardSignals} has the reasons.
 *
 * @example
 * ```ts
 * import { forwardedSignals } from "@taskio/terminal";
 *
 * console.log(forwardedSignals.includes("SIGTERM")); // true
 * ```
 */
export const forwardedSignals = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGTERM",
  "SIGUSR1",
  "SIGUSR2",
  "SIGCONT",
  "SIGALRM",
  "SIGVTALRM",
  "SIGPROF",
  "SIGIO",
] as const;

/** One of {@link forwardedSignals}. */
export type ForwardedSignal = (typeof forwardedSignals)[number];
