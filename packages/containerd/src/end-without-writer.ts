import { type IO, isWired } from "@taskio/core";
import { fifoHolders, unreadBytes } from "@taskio/fifo/holders";
import { settlesWithin } from "./settles-within.ts";

/** How long the rest of a stopped process's output may take where no end of it will come, in ms. */
const rest = 1000;

/**
 * Ends the outputs of a process that has stopped once nobody can write to them and nothing is left in
 * them: one that was let go before we opened it never comes to its end (c#2150).
 */
export async function endWithoutWriter(io: IO): Promise<void> {
  const outputs = [io.config.stdout, io.config.stderr].filter(isWired);
  while (!(await settlesWithin(io.wait(), rest))) {
    const { holders } = fifoHolders(outputs);
    const isOver = [...holders].every(
      ([path, its]) => !its.some(({ writes }) => writes) && !unreadBytes(path, its)?.bytes,
    );
    if (isOver) return io.cancel();
  }
}
