import { Archive } from "bun";
import { realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runBun } from "./run.ts";
import { type Manifest, type Package, root } from "./workspace.ts";

/** Tarballs, by the name of their package. */
export type Tarballs = Readonly<Record<string, string>>;

/** Builds and packs the packages into a folder, each after those that it depends on. */
export async function packAll(packages: readonly Package[], into: string): Promise<Tarballs> {
  const tarballs: Record<string, string> = {};
  for (const { name, folder, manifest } of inBuildOrder(packages)) {
    tarballs[name] = await pack(folder, manifest, into);
  }
  return tarballs;
}

/**
 * Packs what the packages need of others, and Bun's types, from where the workspace has them: so an
 * install asks no registry.
 */
export async function packOthers(packages: readonly Package[], into: string): Promise<Tarballs> {
  const tarballs: Record<string, string> = {};
  const add = async (name: string, from: string): Promise<void> => {
    if (name in tarballs || name.startsWith("@taskio/")) return;
    const folder = await folderOf(name, from);
    const manifest: Manifest = await Bun.file(join(folder, "package.json")).json();
    tarballs[name] = await pack(folder, manifest, into, "--ignore-scripts");
    for (const needed of needs(manifest)) await add(needed, folder);
  };
  await add("bun-types", root);
  for (const { folder, manifest } of packages) {
    for (const name of needs(manifest)) await add(name, folder);
  }
  return tarballs;
}

/** The files in a tarball by path, without their common folder. */
export async function contentsOf(tarball: string): Promise<Map<string, Blob>> {
  const files = await new Archive(await Bun.file(tarball).bytes()).files();
  return new Map([...files].map(([path, file]) => [path.replace(/^package\//, ""), file]));
}

async function pack(
  folder: string,
  { name, version }: Manifest,
  into: string,
  ...options: string[]
): Promise<string> {
  const packed = await runBun(folder, ["pm", "pack", "--destination", into, ...options]);
  if (packed.code !== 0) throw new Error(`packing ${name} failed:\n${packed.output}`);
  return join(into, `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`);
}

function inBuildOrder(packages: readonly Package[]): Package[] {
  const ordered = new Set<Package>();
  const add = (one: Package): void => {
    const { manifest } = one;
    const names = Object.keys({ ...manifest.devDependencies, ...manifest.dependencies });
    for (const other of packages) if (names.includes(other.name)) add(other);
    ordered.add(one);
  };
  packages.forEach(add);
  return [...ordered];
}

function needs({ dependencies, optionalDependencies }: Manifest): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies });
}

/** The folder of a package as another one finds it; its exports may hide its package.json. */
async function folderOf(name: string, from: string): Promise<string> {
  const paths = createRequire(join(await realpath(from), "package.json")).resolve.paths(name) ?? [];
  for (const path of paths) {
    const folder = join(path, name);
    if (await Bun.file(join(folder, "package.json")).exists()) return realpath(folder);
  }
  throw new Error(`${name} is not installed for ${from}: run bun install`);
}
