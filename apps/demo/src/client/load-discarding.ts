import type { Client, ProcessStatus, Task } from "@taskio/containerd";
import { isWired, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { fifoHolders } from "@taskio/fifo/holders";
import { isReading } from "./readers.ts";

/**
 * Takes hold of a task that is to be deleted, and throws away what it wrote and nobody reads: a shim waits
 * up to 10 s for a reader (c#13377).
 */
export async function loadDiscarding(client: Client, { id, config }: ProcessStatus): Promise<Task> {
  const { holders } = fifoHolders([config.stdout, config.stderr].filter(isWired));
  if ([...holders.values()].flat().some(isReading)) return client.loadTask(id);
  const attach = newAttach(withStreams(undefined, discard, discard));
  return client.loadTask(id, { attach }).catch(() => client.loadTask(id)); // there may be no FIFOs
}

function discard(): void {}
