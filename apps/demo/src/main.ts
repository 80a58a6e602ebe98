#!/usr/bin/env bun
// The command `taskio`. Compiled into one binary, the same program is also the embedded runtime, when it
// starts itself with a hidden first argument.
if (process.argv[2] === "__taskd") {
  const { runTaskd } = await import("@taskio/taskd");
  await runTaskd(); // false: another one was quicker
} else {
  const { runCLI } = await import("./cli/run-cli.ts");
  process.exit(await runCLI(process.argv.slice(2)));
}

export {};
