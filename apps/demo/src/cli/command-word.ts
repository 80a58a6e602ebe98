import type { Command } from "commander";
import { takesNext } from "./takes-next.ts";

/** The word of a command line that names the command, or is meant to. */
export function commandWord(words: readonly string[], root: Command): string | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith("-")) return word;
    if (takesNext(word, root)) at++;
  }
  return undefined;
}
