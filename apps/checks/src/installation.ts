import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Tarballs } from "./pack.ts";
import { type Ran, runBun } from "./run.ts";

/** The compiler options of a program that uses the packages: as strict as they go. */
export const strict = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    module: "preserve",
    target: "esnext",
    lib: ["esnext"],
    types: ["bun-types"],
    noEmit: true,
  },
};

/** Where nobody listens: an install that asks a registry fails. */
const noRegistry = "http://127.0.0.1:9/";

/**
 * Installs tarballs as a user's program would, in a folder of its own.
 *
 * @param names the packages that the program names; what else they need comes with them
 */
export async function install(
  folder: string,
  names: readonly string[],
  tarballs: Tarballs,
): Promise<Ran> {
  const file = (name: string) => [name, `file:${tarballs[name]}`] as const;
  const manifest = {
    name: "program",
    private: true,
    type: "module",
    dependencies: Object.fromEntries(names.map(file)),
    devDependencies: Object.fromEntries([file("bun-types")]),
    overrides: Object.fromEntries(Object.keys(tarballs).map(file)),
  };
  await mkdir(folder, { recursive: true });
  await Bun.write(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  return runBun(folder, ["install", "--registry", noRegistry], {
    BUN_INSTALL_CACHE_DIR: join(folder, "../cache"),
  });
}
