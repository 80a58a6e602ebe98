import { blocksIn } from "./blocks.ts";
import { files, shown } from "./workspace.ts";

/** A TypeScript block of a doc comment or of a Markdown page. */
export interface Example {
  /** The file that it is in, and the line of its fence. */
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** False for a block marked `no-run`: its types are checked all the same. */
  readonly runs: boolean;
  /** Blocks before it that it imports from, by the name that it has for them, such as `./a.ts`. */
  readonly imports: ReadonlyMap<string, string>;
}

const sources = "packages/*/src/**/*.ts";
const pages = ["README.md", "packages/*/README.md", "docs/*.md"];

/** Every example of the published packages and of the docs. */
export async function allExamples(): Promise<Example[]> {
  const paths = [sources, ...pages].flatMap(files);
  const found = paths.map(async (path) => examplesIn(await Bun.file(path).text(), shown(path)));
  return (await Promise.all(found)).flat();
}

/** The ts blocks of a Markdown page, or of the doc comments of a source file. */
export function examplesIn(text: string, file: string): Example[] {
  const blocks = [...blocksIn(text, ["ts"])];
  return blocks.map(({ line, info, code }, index) => {
    const before = blocks.slice(0, index).map((block) => block.code);
    const runs = !/\bno-run\b/.test(info);
    return { file, line, code, runs, imports: importsFrom(before, code) };
  });
}

/** A page shows a file and then a program that imports it: the file is the block that exports it. */
function importsFrom(before: readonly string[], code: string): Map<string, string> {
  const imports = new Map<string, string>();
  for (const [, names = "", path = ""] of code.matchAll(/import \{([^}]*)\} from "(\.[^"]+)"/g)) {
    const [first] = names.split(",").map((name) => name.replace("type ", "").trim());
    const exported = new RegExp(`^export .*\\b${first}\\b`, "m");
    const block = before.findLast((earlier) => exported.test(earlier));
    if (block) imports.set(path, block);
  }
  return imports;
}
