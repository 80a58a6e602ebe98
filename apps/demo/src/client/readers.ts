import type { FIFOHolder } from "@taskio/fifo/holders";
import type { Runtime } from "./open-runtime.ts";

/** Whether a process that has an output open is somebody who reads it. */
export type IsReader = (holder: FIFOHolder) => boolean;

/**
 * Tells readers from what else has an output open: a shim has both of its ends, a process of the embedded
 * runtime too, and that runtime itself keeps what nobody has read.
 */
export async function readersIn({
  client,
  embedded,
}: Pick<Runtime, "client" | "embedded">): Promise<IsReader> {
  const own = embedded ? (await client.introspection.server()).pid : undefined;
  return (holder) => isReading(holder) && holder.pid !== own;
}

/** Whether it reads an output and doesn't hold it as a shim does, also where that is closing it. */
export function isReading({ command, reads, writes }: FIFOHolder): boolean {
  return reads && !writes && !command.startsWith("containerd-shim");
}

/** A process, as people look for it. */
export function inWords({ command, pid }: FIFOHolder): string {
  return `${command || "a process"} (pid ${pid})`;
}
