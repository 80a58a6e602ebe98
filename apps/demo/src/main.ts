#!/usr/bin/env bun
// The command `taskio`. Compiled into one binary, the same program is also the embedded runtime and the
// hub of a task, when it starts itself with a hidden first argument, and a log driver that a runtime starts.
import { isLogDriver } from "./log-driver/is-log-driver.ts";

const args = process.argv.slice(2);
if (args[0] === "__taskd") {
  const { runTaskd } = await import("@taskio/taskd");
  await runTaskd(); // false: another one was quicker
} else if (args[0] === "__hub") {
  const { runHub } = await import("./hub/run-hub.ts");
  await runHub();
  process.exit(0);
} else if (isLogDriver(args)) {
  const { runLogDriver } = await import("./log-driver/run-log-driver.ts");
  await runLogDriver();
} else {
  const { runCLI } = await import("./cli/run-cli.ts");
  process.exit(await runCLI(args));
}
