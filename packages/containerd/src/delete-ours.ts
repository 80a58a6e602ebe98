import type { IO } from "@taskio/core";
import { isFIFOPath } from "./is-fifo-path.ts";
import type { RPC } from "./rpc.ts";
import { getStatus, type ProcessName } from "./tasks.ts";

/**
 * After an aborted call that makes a process: it may have been made all the same. It is ours if it has
 * our streams; what else has the id stays.
 */
export async function deleteOurs(rpc: RPC, { containerId, execId }: ProcessName, io: IO) {
  const { stdout } = io.config;
  const { config } = await getStatus(rpc, { containerId, execId });
  if (!isFIFOPath(stdout) || stdout !== config.stdout) return;
  if (execId) await rpc.tasks.deleteProcess({ containerId, execId });
  else await rpc.tasks.delete({ containerId });
}
