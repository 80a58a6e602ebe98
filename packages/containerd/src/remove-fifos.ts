import type { Config } from "@taskio/core";
import { removeFIFOs as remove } from "@taskio/fifo/holders";

/**
 * Removes the FIFOs of a process that is gone, and their folder if nothing else is in it. What is no
 * FIFO stays (c#4123).
 */
export async function removeFIFOs({ stdin, stdout, stderr }: Config): Promise<void> {
  remove([stdin, stdout, stderr]);
}
