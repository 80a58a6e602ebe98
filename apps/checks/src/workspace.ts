import { Glob } from "bun";
import { join, relative } from "node:path";

/** The repository's root folder. */
export const root = join(import.meta.dir, "../../..");

/** A package that goes to the registry. */
export interface Package {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly files: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The packages that are published, by name. */
export async function publishedPackages(): Promise<Package[]> {
  const packages: Package[] = [];
  for (const path of files("packages/*/package.json")) {
    const manifest = await Bun.file(path).json();
    if (!manifest.private)
      packages.push({ name: manifest.name, folder: join(path, ".."), manifest });
  }
  return packages;
}

/** The absolute paths that match a pattern below the root, sorted; nothing that was installed or built. */
export function files(pattern: string): string[] {
  return [...new Glob(pattern).scanSync({ cwd: root, absolute: true })]
    .filter((path) => !/\/(node_modules|dist)\//.test(relative(root, path)))
    .sort();
}

/** A path as messages show it. */
export function shown(path: string): string {
  return relative(root, path);
}
