// Asks each package for an error, and whether it is of core's class.
import { newFIFOSet, TaskIOError } from "@taskio/core";
import { newDirectIO } from "@taskio/direct-io";
import { newAttach, openFifo } from "@taskio/fifo";
import { logFile } from "@taskio/log-file";
import { openLogWriter } from "@taskio/logs";

const missing = () =>
  newFIFOSet({ terminal: false, stdin: "", stdout: "/no/such-stdout", stderr: "" });

const failures: Record<string, () => unknown> = {
  openFifo: () => openFifo("/", { read: true }),
  newAttach: () => newAttach((streams) => void (streams.stdout = () => {}))(missing()),
  newDirectIO: () => newDirectIO(missing()),
  logFile: () => logFile("relative.log"),
  openLogWriter: () => openLogWriter("/no/such/folder/task.log"),
};

for (const [name, fail] of Object.entries(failures)) {
  try {
    await fail();
    console.log(name, "did not fail");
  } catch (error) {
    console.log(name, error instanceof TaskIOError && error.code);
  }
}
