import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { allImports, importCycles, valueImports } from "../src/imports.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imports-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, code: string): Promise<string> {
  await Bun.write(join(folder, name), code);
  return join(folder, name);
}

test("type imports are imports, but not values", async () => {
  const file = await write(
    "types.ts",
    [
      'import type { A } from "a";',
      "import {",
      "  b,",
      '} from "b";',
      'export type { C } from "c";',
      'export { d } from "d";',
      '// import { e } from "e";',
      'const f = await import("f");',
      'export const x: A = b(f, Buffer.from("g"));',
    ].join("\n"),
  );
  expect(await allImports(file)).toEqual(["a", "b", "c", "d", "f"]);
  expect((await valueImports(file)).sort()).toEqual(["b", "d", "f"]);
});

test("a cycle of values is found, one of types is none", async () => {
  const a = await write("a.ts", 'import { b } from "./b.ts";\nexport const a = b;');
  const b = await write("b.ts", 'import { c } from "./c.ts";\nexport const b = c;');
  const c = await write("c.ts", 'import type { A } from "./a.ts";\nexport const c = 1 as A;');
  const d = await write("d.ts", 'import { a } from "./a.ts";\nexport { e } from "./e.ts";\na();');
  const e = await write("e.ts", 'export { d } from "./d.ts";');
  const cycles = await importCycles([a, b, c, d, e]);
  expect(cycles.map((cycle) => cycle.map((path) => basename(path)))).toEqual([["d.ts", "e.ts"]]);
});
