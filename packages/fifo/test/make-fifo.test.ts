import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { addonProvider, ffiProvider, makeFIFO, type MkfifoProvider } from "../src/make-fifo.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "make-fifo-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function behaves(name: string, provider: () => MkfifoProvider): void {
  const path = (file: string) => join(folder, `${name}-${file}`);

  test("makes a FIFO with the mode", async () => {
    await makeFIFO(path("made"), 0o600, provider());
    expect(statSync(path("made")).isFIFO()).toBe(true);
    expect(statSync(path("made")).mode & 0o777).toBe(0o600);
  });

  test("a path with non-ASCII letters and spaces", async () => {
    await makeFIFO(path("é 日本 🎉"), 0o600, provider());
    expect(statSync(path("é 日本 🎉")).isFIFO()).toBe(true);
  });

  test.each([
    ["an existing path", "made", "IN_USE", "EEXIST"],
    ["a missing folder", "no/f", "NOT_FOUND", "ENOENT"],
    ["a name too long", "x".repeat(300), "INVALID_ARGUMENT", "ENAMETOOLONG"],
  ])("%s is refused by errno", async (_, file, code, errno) => {
    const making = makeFIFO(path(file), 0o600, provider());
    await expect(making).rejects.toMatchObject({
      code,
      errno,
      syscall: "mkfifo",
      path: path(file),
    });
  });
}

describe("mkfifo by FFI", () => behaves("ffi", () => ffiProvider));

test("a package that is not built is passed over", () => {
  expect(addonProvider(() => createRequire(import.meta.url)("./no-such-addon"))).toBeUndefined();
});

// Bun does not run the package's install script, so the test compiles the addon in a copy of it.
const headers = [
  process.env.npm_config_nodedir ? `${process.env.npm_config_nodedir}/include/node` : "",
  "/usr/include/node",
  `${dirname(dirname(Bun.which("node") ?? "/"))}/include/node`,
].find((path) => existsSync(join(path, "node_api.h")));
const missing = !Bun.which("g++") ? "no g++" : !headers ? "no Node headers" : undefined;

describe.skipIf(missing !== undefined)(
  `mkfifo by the addon${missing ? ` (${missing})` : ""}`,
  () => {
    let addon: string;

    beforeAll(async () => {
      const manifest = createRequire(join(import.meta.dir, "../src")).resolve(
        "mkfifo/package.json",
      );
      const napi = createRequire(manifest).resolve("node-addon-api/package.json");
      addon = join(folder, "addon");
      cpSync(dirname(manifest), addon, { recursive: true });
      const release = join(addon, "build/Release");
      mkdirSync(release, { recursive: true });
      const build = Bun.spawnSync([
        ...["g++", "-shared", "-fPIC", "-w", "-DNAPI_DISABLE_CPP_EXCEPTIONS"],
        ...["-DNODE_GYP_MODULE_NAME=mkfifo", "-DBUILDING_NODE_EXTENSION"],
        ...["-I", headers!, "-I", dirname(napi), join(addon, "src/mkfifo.cpp")],
        ...["-o", join(release, "mkfifo.node")],
      ]);
      expect(build.stderr.toString()).toBe("");
    });

    behaves("addon", () => addonProvider(() => createRequire(join(addon, "x.js"))("./main.js"))!);
  },
);
