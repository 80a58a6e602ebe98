import { type Block, blocksIn } from "./blocks.ts";

/** What a page has its reader do: write a file, or give commands to a shell. */
export type Step = {
  /** The line of its fence. */
  readonly line: number;
  /** What the fence names as `needs=…`: a program that not everybody has. */
  readonly needs: string | undefined;
} & (
  | { readonly file: string; readonly text: string; readonly commands?: never }
  | { readonly commands: readonly Command[]; readonly file?: never }
);

/** A command, and what the page shows that it prints; `""` where it shows nothing. */
export interface Command {
  readonly command: string;
  readonly output: string;
}

/**
 * The steps of a page, in order: each `sh` block as one command, each `console` block with its outputs,
 * and each `ts` block whose fence names a `file=…`.
 */
export function stepsIn(page: string): Step[] {
  return [...blocksIn(page, ["sh", "console", "ts"])].flatMap(stepOf);
}

function stepOf({ line, language, info, code }: Block): Step[] {
  const [needs, file] = ["needs", "file"].map((name) => attribute(info, name));
  if (language === "sh") return [{ line, needs, commands: [{ command: code, output: "" }] }];
  if (language === "console") return [{ line, needs, commands: commandsIn(code) }];
  return file === undefined ? [] : [{ line, needs, file, text: code }];
}

/** `name=…` of a fence. */
function attribute(info: string, name: string): string | undefined {
  return new RegExp(`\\b${name}=(\\S+)`).exec(info)?.[1];
}

/** `$ command`, which goes on after a backslash, and its output up to the next one. */
function commandsIn(code: string): Command[] {
  return code.split(/^\$ /m).flatMap((part) => {
    const [, command = "", output = ""] = /^((?:.*\\\n)*.*\n)([^]*)$/.exec(part) ?? [];
    return command === "" ? [] : [{ command, output }];
  });
}
