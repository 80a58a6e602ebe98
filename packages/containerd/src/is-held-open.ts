import { fifoHolders } from "@taskio/fifo/holders";

/**
 * Whether a process that we may look into has one of the FIFOs open, so that what was written is still
 * there.
 *
 * @param how `writing`: only an fd that can write counts, so that an end will come
 */
export function isHeldOpen(paths: string | readonly string[], how?: "writing"): boolean {
  const { holders } = fifoHolders([paths].flat());
  return [...holders.values()].flat().some(({ writes }) => writes || how !== "writing");
}
