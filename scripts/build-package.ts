// Builds the package in the current folder: each entry of its exports as one module and its types. A
// tarball has the licence of its own folder only, so that is put there too.
import { $ } from "bun";
import { copyFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const manifest = await Bun.file("package.json").json();
const entries = Object.values<{ default: string }>(manifest.exports).map((entry) =>
  entry.default.replace("./dist/", "src/").replace(/\.js$/, ".ts"),
);

await rm("dist", { recursive: true, force: true });
const result = await Bun.build({
  entrypoints: entries,
  root: "src",
  outdir: "dist",
  target: "bun",
  packages: "external",
  external: ["@taskio/*"], // tsconfig's paths would inline their sources
  splitting: true,
  sourcemap: "none",
});
if (!result.success) throw new AggregateError(result.logs, `building ${manifest.name} failed`);
await $`${process.execPath} x --no-install tsc -p tsconfig.build.json`;
await copyFile(join(import.meta.dir, "../LICENSE"), "LICENSE");
console.log(`${manifest.name}: ${(await readdir("dist", { recursive: true })).length} files`);
