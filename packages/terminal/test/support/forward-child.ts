// Says the signals that it would forward; the task is gone at SIGUSR2.
import { TaskIOError } from "@taskio/core";
import { forwardSignals } from "../../src/index.ts";

forwardSignals((signal) => {
  console.log(signal);
  if (signal === "SIGUSR2") throw new TaskIOError("NOT_FOUND", "no such task");
});
console.log("ready");
while (process.listenerCount("SIGINT") > 0) await Bun.sleep(5);
console.log("over");
await Bun.sleep(60_000);
