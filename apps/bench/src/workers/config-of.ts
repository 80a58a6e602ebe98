import type { Config } from "@taskio/core";

/** The Config of a task that has these FIFOs, and no others. */
export function configOf(fifos: Partial<Omit<Config, "terminal">>): Config {
  return { terminal: false, stdin: "", stdout: "", stderr: "", ...fifos };
}
