import { until } from "@taskio/test-support";
import { isAlive, type TestRuntime } from "./test-runtime.ts";

/** Ends the one hub that there is. */
export async function endHub(taskio: TestRuntime, signal: NodeJS.Signals): Promise<void> {
  await until(() => taskio.hubs().length === 1, "there is one hub");
  const [pid] = taskio.hubs();
  process.kill(pid!, signal);
  await until(() => !isAlive(pid!), "the hub has ended");
}
