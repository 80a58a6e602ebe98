import { globalArgs, type GlobalOptions } from "./global-options.ts";

/** Quotes a command of ours that is to be called, in a namespace where that is not the present one. */
export type CommandLine = (words: string, namespace?: string) => string;

/**
 * @param options what the same runtime is reached with
 * @param current the namespace without an option
 */
export function commandLine(options: GlobalOptions, current?: string): CommandLine {
  return (words, namespace = current) => {
    const there =
      namespace === undefined || namespace === current ? options : { ...options, namespace };
    return `"taskio${globalArgs(there)} ${words}"`;
  };
}
