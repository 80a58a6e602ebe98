import { isWired, TaskIOError } from "@taskio/core";
import { fifoHolders } from "@taskio/fifo/holders";
import type { FoundTask } from "./find-task.ts";
import type { Runtime } from "./open-runtime.ts";
import { inWords, readersIn } from "./readers.ts";

/** How long a reader that is just leaving may take, in ms. */
const patience = 1000;
const period = 100;

/**
 * Refuses to read what another process reads: the kernel would give each chunk to one of them and tell
 * neither. Readers of Go's, such as `ctr`, take no lock, so they are looked for.
 *
 * @throws TaskIOError `IN_USE` that names the process
 */
export async function refuseSecondReader(runtime: Runtime, found: FoundTask): Promise<void> {
  const { stdout, stderr } = found.status.config;
  const outputs = [stdout, stderr].filter(isWired);
  const isReader = await readersIn(runtime);
  const deadline = performance.now() + patience;
  for (;;) {
    const reader = [...fifoHolders(outputs).holders.values()].flat().find(isReader);
    if (!reader) return;
    if (performance.now() > deadline) {
      throw inUse(found, `${inWords(reader)} reads its output, end that first`);
    }
    await Bun.sleep(period);
  }
}

/** Somebody else has the streams of a task. */
export function inUse({ name }: FoundTask, why = "one at a time", cause?: unknown): TaskIOError {
  const message = `somebody else is attached to the task "${name}": ${why}`;
  return new TaskIOError("IN_USE", message, { cause });
}
