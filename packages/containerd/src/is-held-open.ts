import { fifoHolders } from "@taskio/fifo/holders";

/**
 * Whether a process has one of the FIFOs open, so that what was written is still there. Undefined where
 * none is seen to, and not all processes may be looked into.
 */
export function isHeldOpen(paths: string | readonly string[]): boolean | undefined {
  const { holders, incomplete } = fifoHolders([paths].flat());
  if ([...holders.values()].some((its) => its.length > 0)) return true;
  return incomplete === undefined ? false : undefined;
}
