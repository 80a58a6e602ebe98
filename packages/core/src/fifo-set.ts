import type { Config } from "./config.ts";
import { once } from "./once.ts";

/** A task's {@link Config} and what to do when the task is gone. Go: `cio.FIFOSet`. */
export interface FIFOSet extends AsyncDisposable {
  readonly config: Config;
  /** Runs the close function that the set was made with, once. */
  close(): Promise<void>;
}

/**
 * A FIFOSet from a {@link Config}. Go: `cio.NewFIFOSet`.
 *
 * @param close removes the paths when the task is gone; without it, closing removes nothing
 *
 * @example
 * ```ts
 * import { newFIFOSet } from "@taskio/core";
 *
 * const fifos = newFIFOSet({ terminal: false, stdin: "", stdout: "/run/x/t1-stdout", stderr: "" });
 * await fifos.close();
 * ```
 */
export function newFIFOSet(config: Config, close?: () => void | Promise<void>): FIFOSet {
  const closeOnce = once(async () => close?.());
  return {
    config: Object.freeze({ ...config }),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}
