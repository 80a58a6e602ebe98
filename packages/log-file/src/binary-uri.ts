import { checkNoNUL } from "./check-text.ts";
import type { LogArgs } from "./log-args.ts";
import { logURIGenerator } from "./log-uri-generator.ts";

/** The URI of a logging binary, whose args must be able to be a process's. */
export function binaryURI(binary: string, args: LogArgs = {}): string {
  const uri = logURIGenerator("binary", binary, args);
  for (const arg of Object.entries(args).flat()) checkNoNUL(arg, "log arg");
  return uri;
}
