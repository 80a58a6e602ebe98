import type { Command } from "commander";

/** Whether the word after an option is its value. */
export function takesNext(option: string, { options }: Command): boolean {
  return options.some(
    ({ long, short, required }) => required && (option === long || option === short),
  );
}
