import { concat } from "./concat.ts";

/** What became of the bytes that a {@link DetachMatcher} was fed. */
export interface DetachMatch {
  /** What the task is to get now: never a part of the keys that complete a match. */
  readonly deliver: Uint8Array;
  /** Whether the keys were there. */
  readonly detached: boolean;
  /** What came after the keys. Empty unless `detached`. */
  readonly rest: Uint8Array;
}

const none = new Uint8Array(0);

/**
 * Finds detach keys in bytes that come in pieces. It holds back as much as may still turn out to be
 * the keys, and no byte more.
 *
 * A Knuth-Morris-Pratt matcher, so the keys are found wherever they are: `^P^P^Q` is a `^P` for the
 * task and the keys `^P^Q`; `aaab` is an `a` and the keys `aab` (moby issue 21769).
 *
 * @example
 * ```ts
 * import { DetachMatcher, parseDetachKeys } from "@taskio/terminal";
 *
 * const matcher = new DetachMatcher(parseDetachKeys("ctrl-p,ctrl-q"));
 * console.log(matcher.feed(Buffer.from("ls\r\x10")).deliver.length); // 3
 * const { deliver, detached } = matcher.feed(Buffer.from("\x10\x11"));
 * console.log(deliver.length, detached); // 1 true
 * ```
 */
export class DetachMatcher {
  readonly #keys: Uint8Array;
  readonly #fallback: Uint32Array;
  #matched = 0;
  /** How many of the matched keys were released early. */
  #released = 0;
  #detached = false;

  /** @param keys the keys' bytes; none for a matcher that delivers everything */
  constructor(keys: Uint8Array) {
    this.#keys = keys.slice();
    this.#fallback = fallbacks(keys);
  }

  /** Whether the keys were found. What is fed after that is all `rest`. */
  get detached(): boolean {
    return this.#detached;
  }

  /** How many bytes are held back. */
  get held(): number {
    return this.#matched - this.#released;
  }

  /**
   * How many bytes the keys still need at the least: who reads no more than that at a time never
   * reads a byte beyond the keys. `Infinity` without keys, 0 once they were found.
   */
  get missing(): number {
    if (this.#detached) return 0;
    return this.#keys.length === 0 ? Infinity : this.#keys.length - this.#matched;
  }

  /** Takes the next bytes. What it gives may be a view of `chunk`. */
  feed(chunk: Uint8Array): DetachMatch {
    if (this.#detached) return { deliver: none, detached: true, rest: chunk };
    const held = this.#heldKeys();
    const end = this.#match(chunk);
    const fed = held.length === 0 ? chunk.subarray(0, end) : concat([held, chunk.subarray(0, end)]);
    const kept = Math.min(this.#matched, fed.length);
    this.#released = this.#matched - kept;
    const deliver = fed.subarray(0, fed.length - kept);
    if (this.#keys.length === 0 || this.#matched < this.#keys.length) {
      return { deliver, detached: false, rest: none };
    }
    this.#detached = true;
    this.#matched = this.#released = 0;
    return { deliver, detached: true, rest: chunk.subarray(end) };
  }

  /**
   * Gives what is held back, for when the next key does not come: a `^P` has then reached the task,
   * and a `^Q` still detaches.
   */
  release(): Uint8Array {
    const held = this.#heldKeys();
    this.#released = this.#matched;
    return held;
  }

  /** Gives what is held back and forgets it, for the end of the input: the keys start anew. */
  flush(): Uint8Array {
    const held = this.#heldKeys();
    this.#matched = this.#released = 0;
    return held;
  }

  #heldKeys(): Uint8Array {
    return this.#keys.slice(this.#released, this.#matched);
  }

  /** Steps through `chunk` up to the end of the keys, and says where that is. */
  #match(chunk: Uint8Array): number {
    const keys = this.#keys;
    if (keys.length === 0) return chunk.length;
    let matched = this.#matched;
    let at = 0;
    while (at < chunk.length && matched < keys.length) {
      const byte = chunk[at++];
      while (matched > 0 && byte !== keys[matched]) matched = this.#fallback[matched - 1]!;
      if (byte === keys[matched]) matched++;
    }
    this.#matched = matched;
    return at;
  }
}

/** For each prefix of the keys, the length of the longest shorter prefix that it ends with. */
function fallbacks(keys: Uint8Array): Uint32Array {
  const lengths = new Uint32Array(keys.length);
  for (let at = 1, length = 0; at < keys.length; at++) {
    while (length > 0 && keys[at] !== keys[length]) length = lengths[length - 1]!;
    if (keys[at] === keys[length]) length++;
    lengths[at] = length;
  }
  return lengths;
}
