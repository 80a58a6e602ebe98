// Every export of a published package has a doc comment; every function, class and constant is named in
// the README, and those of the index have an example. Fails with the list of what is missing.
import { join } from "node:path";
import { type Exported, exportsOf } from "./exports.ts";
import { type Package, publishedPackages, shown } from "./workspace.ts";

const all = await Promise.all((await publishedPackages()).map(missingIn));
for (const line of all.flat()) console.error(line);
if (all.flat().length > 0) process.exit(1);

async function missingIn({ folder, manifest }: Package): Promise<string[]> {
  const readme = await Bun.file(join(folder, "README.md")).text();
  const entries = Object.entries(manifest.exports).map(async ([entry, { default: path }]) => {
    const source = path.replace("./dist/", "src/").replace(/\.js$/, ".ts");
    const exported = await exportsOf(join(folder, source));
    return exported.flatMap((one) => [
      ...missing(one, entry === "."),
      ...(one.typeOnly || named(one, readme) ? [] : [`${shown(folder)}/README.md: no ${one.name}`]),
    ]);
  });
  return (await Promise.all(entries)).flat();
}

function missing({ name, file, doc, typeOnly }: Exported, inIndex: boolean): string[] {
  if (!doc) return [`${shown(file)}: ${name} has no doc comment`];
  if (!inIndex || typeOnly || /@example\n \* ```ts/.test(doc)) return [];
  return [`${shown(file)}: ${name} has no @example`];
}

function named({ name }: Exported, readme: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(readme);
}
