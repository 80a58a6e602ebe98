/** Of a core, what looking for peers may cost: one part in this many. */
const share = 50;
/** How long a tick may hold up the JS thread, in ms. */
const tickBudget = 0.5;
/** Time between two ticks, in ms: it grows while nobody comes. */
const shortest = 1;
const longest = 25;
const growth = 1.05;

interface Waiter {
  /** Whether the wait is over: the peer is there, or looking for it failed. */
  attempt(): boolean;
}

/**
 * Looks for the peers of FIFOs, of all of them in turn. The kernel gives no event when a reader
 * opens, so an open of the write end is tried now and then (`ENXIO` while nobody reads).
 */
class PeerSweep {
  readonly #waiters = new Set<Waiter>();
  #turn: Iterator<Waiter> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pause = shortest;
  #wasLong = false;

  add(waiter: Waiter): void {
    this.#waiters.add(waiter);
    this.#pause = shortest;
    this.#schedule(shortest);
  }

  delete(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Looks for all at once, now. */
  kick(): void {
    for (const waiter of this.#waiters) this.#attempt(waiter);
    this.#pause = shortest;
    this.#schedule(shortest);
  }

  #schedule(pause: number): void {
    clearTimeout(this.#timer);
    this.#timer = this.#waiters.size > 0 ? setTimeout(() => this.#tick(), pause) : undefined;
  }

  #tick(): void {
    const start = performance.now();
    let spent = 0;
    for (let left = this.#waiters.size; left > 0 && spent < tickBudget; left--) {
      const waiter = this.#next();
      if (waiter) this.#attempt(waiter);
      spent = performance.now() - start;
    }
    this.#pause = Math.min(this.#pause * growth, longest);
    this.#schedule(Math.max(this.#pause, this.#cost(spent) * share));
  }

  /** One long tick was only put off by others, and nobody has to wait for that; two are what looks cost. */
  #cost(spent: number): number {
    const isFirst = !this.#wasLong;
    this.#wasLong = spent > 2 * tickBudget;
    return this.#wasLong && isFirst ? tickBudget : spent;
  }

  #next(): Waiter | undefined {
    this.#turn ??= this.#waiters.values();
    const { done, value } = this.#turn.next();
    if (done) this.#turn = undefined;
    return value;
  }

  #attempt(waiter: Waiter): void {
    if (waiter.attempt()) this.delete(waiter);
  }
}

const sweep = new PeerSweep();

/** A wait for a peer that can be given up. */
export interface PeerWait<T> {
  /** Settles when the peer came; stays pending once given up. */
  readonly found: Promise<T>;
  giveUp(): void;
}

/**
 * Calls `look` now, and later again, until it gives something else than undefined. What the first
 * call throws is thrown; what a later one throws rejects `found`.
 */
export function waitForPeer<T>(look: () => T | undefined): PeerWait<T> {
  const now = look();
  if (now !== undefined) return { found: Promise.resolve(now), giveUp() {} };
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  promise.catch(() => {}); // who waits for it sees it
  const waiter: Waiter = {
    attempt() {
      try {
        const found = look();
        if (found !== undefined) resolve(found);
        return found !== undefined;
      } catch (error) {
        reject(error);
        return true;
      }
    },
  };
  sweep.add(waiter);
  return { found: promise, giveUp: () => sweep.delete(waiter) };
}

/**
 * Looks for the readers of all waiting write ends now. For a client that knows that the other side
 * has just opened its FIFOs, as a runtime has when `Create` returns.
 *
 * @example
 * ```ts
 * import { kickWriters } from "@taskio/fifo/reactor";
 *
 * kickWriters();
 * ```
 */
export function kickWriters(): void {
  sweep.kick();
}
