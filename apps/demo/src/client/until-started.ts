import { type Found, findContainer, type FoundTask, withTask } from "./find-task.ts";
import type { Runtime } from "./open-runtime.ts";

/** How long a task may take from its container to its start, in ms. */
const patience = 2000;
const period = 50;

/**
 * As `findTask`, but waits for the start of a task that is just being made.
 *
 * @returns it as it is then: still `created` where nobody starts it
 * @throws TaskIOError `NOT_FOUND`, also after a failed start
 */
export async function untilStarted(runtime: Runtime, name: string): Promise<FoundTask> {
  const deadline = performance.now() + patience;
  for (;;) {
    const found = await findContainer(runtime, name);
    if (!isBeingStarted(found) || performance.now() > deadline) {
      return withTask(runtime, name, found);
    }
    await Bun.sleep(period);
  }
}

function isBeingStarted({ container: { createdAt }, status }: Found): boolean {
  if (status) return status.state === "created";
  return createdAt !== undefined && Date.now() - createdAt.getTime() < patience;
}
