import type { StreamResult } from "./io.ts";

/**
 * One stream being copied: what a backend gives `newIO` for each stream.
 */
export interface Copy {
  /** Settles when the copy has ended; its fds are free then, unless the kernel is stuck on one. Never rejects. */
  readonly done: Promise<StreamResult>;
  /**
   * Ends the copy: `cancel` within 100 ms whatever the state, `detach` at a chunk boundary. May be
   * called more than once, and after the end.
   */
  stop(how: "cancel" | "detach"): void;
}

/**
 * How long a sink's call under way may go on once its copy was stopped, in ms. For backends.
 *
 * @example
 * ```ts
 * import { stopGrace } from "@taskio/core";
 *
 * console.log(stopGrace.cancel); // 50
 * ```
 */
export const stopGrace = { cancel: 50, detach: 1000 } as const;
