import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { allImports, importCycles, valueImports } from "../src/imports.ts";
import { files, type Package, publishedPackages, root, shown } from "../src/workspace.ts";

const sources = files("packages/*/src/**/*.ts");
const packages = await publishedPackages();

/** Which packages of ours the source of each may import, types included. */
const mayImport: Record<string, readonly string[]> = {
  "@taskio/core": [],
  "@taskio/fifo": ["@taskio/core"],
  "@taskio/direct-io": ["@taskio/core", "@taskio/fifo"],
  "@taskio/log-file": ["@taskio/core"],
  "@taskio/logs": ["@taskio/core", "@taskio/fifo"],
  "@taskio/hub": ["@taskio/core", "@taskio/fifo"],
  "@taskio/testkit": ["@taskio/core"],
  "@taskio/terminal": ["@taskio/core", "@taskio/fifo"],
  "@taskio/containerd": ["@taskio/core", "@taskio/fifo"],
  "@taskio/taskd": ["@taskio/core", "@taskio/fifo", "@taskio/containerd"],
};

describe("dependencies point one way:", () => {
  test("every published package is known here", () => {
    expect(packages.map(({ name }) => name).sort()).toEqual(Object.keys(mayImport).sort());
  });

  describe.each(packages.map((one) => [one.name, one] as const))("%s", (name, one) => {
    test("imports only packages of ours that it may", async () => {
      const ours = [...(await packagesImportedBy(one))].filter((path) =>
        path.startsWith("@taskio/"),
      );
      expect(ours.filter((path) => !mayImport[name]!.includes(path))).toEqual([]);
    });

    test("declares what it imports", async () => {
      const { dependencies, optionalDependencies, peerDependencies } = one.manifest;
      const declared = { ...dependencies, ...optionalDependencies, ...peerDependencies };
      const imported = [...(await packagesImportedBy(one))];
      expect(imported.filter((path) => !(path in declared))).toEqual([]);
    });
  });

  test("core depends on nothing", () => {
    const { dependencies, optionalDependencies, peerDependencies } = packages.find(
      ({ name }) => name === "@taskio/core",
    )!.manifest;
    expect({ ...dependencies, ...optionalDependencies, ...peerDependencies }).toEqual({});
  });

  test("the daemon of the tests imports no package, so that tests of each one can use it", async () => {
    const own = files("packages/test-support/{src,test}/**/*.ts");
    const paths = new Set((await Promise.all(own.map(allImports))).flat());
    expect(own).not.toBeEmpty();
    expect([...paths].filter((path) => !/^(\.|bun$|bun:|node:)/.test(path))).toEqual([]);
  });

  test("core is a peer, so that a program has one contract", () => {
    for (const { name, manifest } of packages) {
      if (name === "@taskio/core") continue;
      expect(manifest.peerDependencies).toHaveProperty("@taskio/core", "workspace:^");
      expect(manifest.dependencies ?? {}).not.toHaveProperty("@taskio/core");
    }
  });
});

test("no module imports itself by way of others", async () => {
  expect((await importCycles(sources)).map((cycle) => cycle.map(shown))).toEqual([]);
});

describe("the reactor's thread", () => {
  const folder = join(root, "packages/fifo/src/reactor");
  const moves = join(folder, "moves.worker.ts");
  const loop = join(folder, "reactor.worker.ts");

  test("is two texts, of which one imports the other and else bun:*, because they run from Blobs", async () => {
    expect(files("*/*/src/**/*.worker.ts").sort()).toEqual([moves, loop]);
    expect(await valueImports(moves)).toEqual(["bun:ffi"]);
    expect(await valueImports(loop)).toEqual(["./moves.worker.ts"]);
  });

  test("is imported as text or as a type, because a bundle has a module once", async () => {
    const asTextOrType =
      /^import (type .* from ".*\.worker\.ts"|\w+ from ".*\.worker\.ts" with \{ type: "text" \});$/;
    const imports: string[] = [];
    for (const file of [...sources, ...files("apps/*/src/**/*.ts"), ...files("*/*/test/**/*.ts")]) {
      if (file === loop) continue; // never part of a bundle but as text
      const lines = (await Bun.file(file).text()).split("\n");
      imports.push(
        ...lines.filter((line) => /(from|import\(|import) *".*\.worker\.ts"/.test(line)),
      );
    }
    expect(imports.filter((line) => line.includes('type: "text"'))).toHaveLength(2);
    expect(imports.filter((line) => !asTextOrType.test(line))).toEqual([]);
  });
});

test("no source file is over 300 lines", async () => {
  const long: string[] = [];
  for (const file of [...sources, ...files("apps/*/src/**/*.ts"), ...files("scripts/**/*.ts")]) {
    const lines = (await Bun.file(file).text()).trimEnd().split("\n").length;
    if (lines > 300 && !file.includes("/src/gen/")) long.push(`${shown(file)}: ${lines}`);
  }
  expect(long).toEqual([]);
});

/** The packages that a package's source names in imports; not what comes with Bun. */
async function packagesImportedBy({ folder }: Package): Promise<Set<string>> {
  const own = sources.filter((path) => path.startsWith(`${folder}/`));
  const paths = (await Promise.all(own.map(allImports))).flat();
  const packages = paths.filter((path) => !/^(\.|bun$|bun:|node:)/.test(path));
  return new Set(packages.map((path) => path.split("/", path.startsWith("@") ? 2 : 1).join("/")));
}
