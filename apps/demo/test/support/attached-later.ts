import { until } from "@taskio/test-support";
import type { Ended, TestRuntime } from "./test-runtime.ts";

/** Attaches with stdin to the end, as soon as the hub has seen that the viewer before is gone. */
export async function attachedLater(
  taskio: TestRuntime,
  id: string,
  stdin: string,
): Promise<Ended> {
  let ended: Ended | undefined;
  await until(async () => {
    ended = await taskio.run(["attach", id], { stdin });
    return ended.exitCode !== 125; // it was refused
  }, `stdin of "${id}"`);
  return ended!;
}
