import { invalidArgument } from "./invalid-argument.ts";
import { mergeEnv } from "./merge-env.ts";
import { processOf, type SpecOpt } from "./spec-opt.ts";

/**
 * Gives the process a terminal, and `TERM=xterm`; its streams need `withTerminal` then. Go:
 * `oci.WithTTY`.
 *
 * @example
 * ```ts
 * import { newSpec, withTTY } from "@taskio/containerd";
 *
 * const { process } = newSpec({ id: "web", namespace: "default" }, withTTY);
 * console.log(process?.terminal, process?.env); // true [ "TERM=xterm" ]
 * ```
 */
export const withTTY: SpecOpt = (spec) => {
  const process = processOf(spec);
  process.terminal = true;
  process.env = mergeEnv(process.env ?? [], ["TERM=xterm"]);
};

/**
 * The size of its terminal at the start; `resize` changes it later. Go: `oci.WithTTYSize`.
 *
 * @param width columns
 * @param height rows
 * @throws TaskIOError `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { newSpec, withTTY, withTTYSize } from "@taskio/containerd";
 *
 * const { process } = newSpec({ id: "web", namespace: "default" }, withTTY, withTTYSize(80, 24));
 * console.log(process?.consoleSize?.height); // 24
 * ```
 */
export function withTTYSize(width: number, height: number): SpecOpt {
  for (const size of [width, height]) {
    if (Number.isInteger(size) && size >= 0 && size <= 0xffff) continue;
    throw invalidArgument(`invalid terminal size ${width} by ${height}`);
  }
  return (spec) => {
    processOf(spec).consoleSize = { width, height };
  };
}
