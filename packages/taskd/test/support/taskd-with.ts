import { defaultCommand } from "../../src/default-command.ts";

/** What starts the runtime with some more environment variables. */
export function taskdWith(variables: Readonly<Record<string, string>>): string[] {
  const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return ["env", ...pairs, ...defaultCommand()];
}
