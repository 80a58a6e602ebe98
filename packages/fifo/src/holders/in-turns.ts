import { setImmediate } from "node:timers/promises";

/** How many items are gone through before others on the JS thread have their turn. */
const turn = 1000;

/**
 * The items in pieces, between which the JS thread does other things.
 *
 * @throws the signal's reason, before a piece
 */
export async function* inTurns<T>(items: readonly T[], signal?: AbortSignal): AsyncGenerator<T[]> {
  for (let from = 0; from < items.length; from += turn) {
    if (from > 0) await setImmediate();
    signal?.throwIfAborted();
    yield items.slice(from, from + turn);
  }
}
