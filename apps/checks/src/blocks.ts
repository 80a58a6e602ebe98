/** A fenced block of a Markdown page or of a doc comment. */
export interface Block {
  /** The line of its fence. */
  readonly line: number;
  readonly language: string;
  /** What the fence says after the language. */
  readonly info: string;
  readonly code: string;
}

/** The blocks of these languages, in order. */
export function* blocksIn(text: string, languages: readonly string[]): Generator<Block> {
  let open: (Omit<Block, "code"> & { margin: RegExp; lines: string[] }) | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const content = open && line.replace(open.margin, "");
    if (!open) open = opened(line, index + 1, languages);
    else if (content!.trim() !== "```") open.lines.push(content!);
    else {
      const { margin: _, lines, ...fence } = open;
      yield { ...fence, code: `${lines.join("\n")}\n` };
      open = undefined;
    }
  }
  if (open) throw new Error(`the block of line ${open.line} never ends`);
}

function opened(text: string, line: number, languages: readonly string[]) {
  const [, margin, language, info] = /^(\s*\* |\s*)```(\w+)\b(.*)$/.exec(text) ?? [];
  if (margin === undefined || language === undefined || info === undefined) return undefined;
  if (!languages.includes(language)) return undefined;
  const pattern = margin.includes("*") ? /^\s*\* ?/ : new RegExp(`^\\s{0,${margin.length}}`);
  return { line, language, info, margin: pattern, lines: [] };
}
