import { until } from "@taskio/test-support";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "./program.ts";

/** Ends the embedded runtime that a program has started, where it has. */
export async function endRuntime(taskio: Program): Promise<void> {
  if (!existsSync(join(taskio.env.TASKIO_RUNTIME_DIR!, "taskd.sock"))) return;
  const { stdout } = await taskio.run(["info", "--json"]);
  const { pid } = JSON.parse(stdout) as { pid: number };
  process.kill(pid, "SIGTERM");
  await until(() => !existsSync(`/proc/${pid}`), "the end of the embedded runtime");
}
