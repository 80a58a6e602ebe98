import { Transpiler } from "bun";
import { join } from "node:path";

const transpiler = new Transpiler({ loader: "ts" });

/** What a module imports when it runs: no types. */
export async function valueImports(file: string): Promise<string[]> {
  return transpiler.scanImports(await Bun.file(file).text()).map(({ path }) => path);
}

/** All that a module names after `from`, in `import(…)` or `import "…"`: types too. */
export async function allImports(file: string): Promise<string[]> {
  const code = withoutComments(await Bun.file(file).text());
  return [...code.matchAll(/(?<!\.)\b(?:from|import)\s*\(?\s*"([\w@.:/-]+)"/g)].map(
    ([, path]) => path!,
  );
}

/** The cycles among the value imports of modules, each as its files in order. */
export async function importCycles(modules: readonly string[]): Promise<string[][]> {
  const edges = new Map<string, string[]>();
  for (const file of modules) {
    const relative = (await valueImports(file)).filter((path) => path.startsWith("."));
    edges.set(
      file,
      relative.map((path) => join(file, "..", path)),
    );
  }
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) cycles.push(path.slice(start));
    if (start >= 0 || finished.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    finished.add(file);
  };
  for (const file of modules) visit(file, []);
  return cycles;
}

function withoutComments(text: string): string {
  return text.replace(/^\s*(\/\*\*|\*|\/\/).*$/gm, "");
}
