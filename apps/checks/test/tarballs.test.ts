import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cp, mkdtemp, readdir, realpath, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExampleFolder } from "../src/example-folder.ts";
import { examplesIn } from "../src/examples.ts";
import { install, strict } from "../src/installation.ts";
import { contentsOf, packAll, packOthers, type Tarballs } from "../src/pack.ts";
import { run, runBun } from "../src/run.ts";
import { type Package, publishedPackages } from "../src/workspace.ts";

setDefaultTimeout(300_000); // a process has a limit of its own, which tells more

const packages = await publishedPackages();
const names = packages.map(({ name }) => name);
let folder: string;
let tarballs: Tarballs;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "tarballs-")));
  const others = await packOthers(packages, folder);
  tarballs = { ...others, ...(await packAll(packages, folder)) };
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(packages.map((one) => [one.name, one] as const))("%s", (name, one) => {
  test("packs what was built, its README and its licence, and nothing else", async () => {
    const contents = [...(await contentsOf(tarballs[name]!)).keys()];
    const extra = contents.filter((path) => !/^dist\/.+\.(js|d\.ts)$/.test(path));
    const listed = extra.filter((path) => !one.manifest.files.includes(path.split("/")[0]!));
    expect(listed.sort()).toEqual(["LICENSE", "README.md", "package.json"]);
    for (const { types, default: code } of Object.values(one.manifest.exports)) {
      expect(contents).toContain(types.slice(2));
      expect(contents).toContain(code.slice(2));
    }
  });

  test("names versions of its siblings, not the workspace", async () => {
    const text = await (await contentsOf(tarballs[name]!)).get("package.json")!.text();
    expect(text).not.toContain("workspace:");
    const { peerDependencies, dependencies } = JSON.parse(text);
    for (const [needed, range] of Object.entries({ ...peerDependencies, ...dependencies })) {
      const sibling = packages.find((other) => other.name === needed);
      if (sibling) expect(range).toBe(`^${sibling.manifest.version}`);
    }
  });

  describe("installed with its peers alone", () => {
    const at = () => join(folder, "alone", name);

    beforeAll(async () => {
      const peers = Object.keys(one.manifest.peerDependencies ?? {});
      const installed = await install(at(), [name, ...peers], tarballs);
      if (installed.code !== 0) throw new Error(installed.output);
    });

    test("runs the example of its README, with types that are right", async () => {
      const readme = await Bun.file(join(at(), "node_modules", name, "README.md")).text();
      const [example] = examplesIn(readme, "README.md");
      const program = new ExampleFolder(at());
      expect(await program.check([example!], typesOf(one))).toBe("");
      expect(await program.failure(example!)).toBe("");
    });

    test("brings one core", async () => {
      const cores = new Set<string>();
      const ours = await readdir(join(at(), "node_modules/@taskio"));
      for (const sibling of ours) {
        cores.add(Bun.resolveSync("@taskio/core", join(at(), "node_modules/@taskio", sibling)));
      }
      expect(cores.size).toBe(1);
    });
  });
});

/** Connect's own declarations want the DOM's types. */
function typesOf({ manifest }: Package): typeof strict {
  const usesConnect = "@connectrpc/connect" in (manifest.dependencies ?? {});
  return { compilerOptions: { ...strict.compilerOptions, skipLibCheck: usesConnect } };
}

describe("all packages in one program", () => {
  const at = () => join(folder, "all");

  beforeAll(async () => {
    const installed = await install(at(), names, tarballs);
    if (installed.code !== 0) throw new Error(installed.output);
    await cp(join(import.meta.dir, "programs"), at(), { recursive: true });
  });

  test("have types that are right in a strict program", async () => {
    await Bun.write(join(at(), "tsconfig.json"), JSON.stringify(strict));
    const checked = await runBun(at(), ["check", "--no-script"]);
    expect(checked).toMatchObject({ code: 0 });
  });

  test("throw errors of one class", async () => {
    expect(await runBun(at(), ["one-error-class.ts"])).toEqual({
      code: 0,
      output:
        "openFifo NOT_FIFO\nnewAttach NOT_FOUND\nnewDirectIO NOT_FOUND\nlogFile INVALID_ARGUMENT\nopenLogWriter NOT_FOUND\n",
    });
  });

  describe("move bytes through FIFOs", () => {
    const moved = { code: 0, output: "from stdin 11 eof\n3000000 3000000 eof\n" };

    test("as installed", async () => {
      expect(await runBun(at(), ["engine.ts"])).toEqual(moved);
    });

    test.each([[[]], [["--minify"]], [["--splitting"]], [["--format=cjs"]], [["--bytecode"]]])(
      "bundled %j, with no package around",
      async (flags: string[]) => {
        const out = `bundle${flags.join("")}`;
        const build = ["build", "engine.ts", "--target", "bun", "--outdir", out, ...flags];
        expect(await runBun(at(), build)).toMatchObject({ code: 0 });
        await rename(join(at(), out), join(folder, out));
        expect(await runBun("/", [join(folder, out, "engine.js")])).toEqual(moved);
      },
    );

    test.each([[[]], [["--minify"]]])(
      "compiled %j, with no package around",
      async (flags: string[]) => {
        const binary = join(folder, `engine${flags.join("")}`);
        const build = ["build", "engine.ts", "--compile", "--outfile", binary, ...flags];
        expect(await runBun(at(), build)).toMatchObject({ code: 0 });
        expect(await run("/", [binary])).toEqual(moved);
        await rm(binary); // 100 MB
      },
    );
  });
});
