import { TaskIOError, type TaskIOErrorCode, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import type { Ends, World } from "./world.ts";

/**
 * Attaches to a task where that is to be refused, and gives the error.
 *
 * @throws Error where it is taken, or refused for another reason
 */
export async function refusedAttach(
  world: World,
  id: string,
  code: TaskIOErrorCode,
  ends: Ends = [undefined, () => {}],
): Promise<TaskIOError> {
  const error = await attachError(world, id, ends);
  if (error instanceof TaskIOError && error.code === code) return error;
  const found = error === undefined ? "was taken" : `was refused with ${String(error)}`;
  throw new Error(`an attach, to be refused with ${code}, ${found}`);
}

async function attachError(world: World, id: string, ends: Ends): Promise<unknown> {
  const attach = newAttach(withStreams(...ends));
  try {
    await using _ = await world.client.loadTask(id, { attach });
    return undefined;
  } catch (error) {
    return error;
  }
}
