import type { MemoryTask } from "@taskio/core";
import type { Peer } from "./peer.ts";

/**
 * The {@link Peer} of a task in memory, for suites over core's `newMemoryIO` and for backends that
 * keep their tasks in one.
 *
 * @example
 * ```ts
 * import { newMemoryIO } from "@taskio/core";
 * import { memoryPeer } from "@taskio/testkit";
 *
 * const memory = newMemoryIO();
 * await using io = await memory.newCreator()("task-1");
 * memoryPeer(memory.task("task-1")).exit();
 * console.log(await io.wait()); // {}
 * ```
 */
export function memoryPeer(task: MemoryTask): Peer {
  return {
    write: (stream, data) => task.write(stream, data),
    readStdin: () => task.stdin,
    closeIO: () => task.closeIO(),
    exit: () => task.exit(),
  };
}
