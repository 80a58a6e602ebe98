import { fileURLToPath } from "node:url";

/**
 * The argument by which a compiled program is asked to be the runtime.
 *
 * @example
 * ```ts
 * import { runTaskd, taskdArgument } from "@taskio/taskd";
 *
 * if (process.argv[2] === taskdArgument) await runTaskd();
 * ```
 */
export const taskdArgument = "__taskd";

/** What starts the runtime: this package's program, or the compiled program that it is part of. */
export function defaultCommand(module = import.meta.url): string[] {
  if (isCompiled(module)) return [process.execPath, taskdArgument];
  const main = module.endsWith(".ts") ? "./main.ts" : "./main.js";
  return [process.execPath, fileURLToPath(new URL(main, module))];
}

function isCompiled(module: string): boolean {
  return module.includes("/$bunfs/") || module.includes("/~BUN/");
}
