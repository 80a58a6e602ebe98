import { join } from "node:path";

/** Something that an index exports. */
export interface Exported {
  readonly name: string;
  readonly kind: string;
  /** Exported as a type only, or an interface or type by itself. */
  readonly typeOnly: boolean;
  /** The file that declares it, and its doc comment, `""` where there is none. */
  readonly file: string;
  readonly doc: string;
}

const clause = /^export (type )?\{([^}]*)\} from "(\.[^"]+)";/gm;
const declaration =
  /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^export (?:declare |abstract |async )*(function|class|const|let|interface|type|enum)\*? +(\w+)/gm;

/**
 * What a module exports, followed to the files that declare it. An index says each name: `export *`
 * is refused but from generated code, whose names and docs are those of its source, and left out.
 */
export async function exportsOf(file: string): Promise<Exported[]> {
  const text = await Bun.file(file).text();
  if (/^export \*(?!.* from "\.\/gen\/)/m.test(text))
    throw new Error(`${file}: name what is exported instead of export *`);
  const exported = declaredIn(text, file);
  for (const [, allTypes, names = "", path = ""] of text.matchAll(clause)) {
    if (path.startsWith("./gen/")) continue;
    const target = await exportsOf(join(file, "..", path));
    for (const specifier of names
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean)) {
      const [, type, name, alias] = /^(type )?(\w+)(?: as (\w+))?$/.exec(specifier)!;
      const found = target.find((one) => one.name === name);
      if (!found) throw new Error(`${file}: no declaration of ${name} found in ${path}`);
      const typeOnly = found.typeOnly || Boolean(allTypes || type);
      exported.push({ ...found, name: alias ?? name!, typeOnly });
    }
  }
  return exported;
}

function declaredIn(text: string, file: string): Exported[] {
  return [...text.matchAll(declaration)].map(([, doc = "", kind = "", name = ""]) => {
    return { name, kind, typeOnly: kind === "interface" || kind === "type", file, doc };
  });
}
