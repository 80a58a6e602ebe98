import { Option } from "commander";
import { shellWord } from "./shell-word.ts";

/** What every command takes. */
export interface GlobalOptions {
  /** The socket of a runtime; the embedded one without it. */
  readonly address?: string;
  readonly namespace?: string;
}

/** The options of every command, which may stand before the command's name or after it. */
export function globalOptions(): Option[] {
  return [
    new Option(
      "--address <string>",
      "Socket of containerd (default: $CONTAINERD_ADDRESS, else the embedded runtime)",
    ),
    new Option(
      "--namespace <string>",
      'Namespace of the tasks (default: $CONTAINERD_NAMESPACE, else "default")',
    ),
  ];
}

/** Them again, as they were given: for a command line that is to reach the same runtime. */
export function globalArgs({ address, namespace }: GlobalOptions): string {
  const given = Object.entries({ address, namespace }).filter(([, value]) => value);
  return given.map(([name, value]) => ` --${name} ${shellWord(value!)}`).join("");
}
