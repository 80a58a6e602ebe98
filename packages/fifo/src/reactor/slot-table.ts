import { TaskIOError } from "@taskio/core";
import { FREE, GEN, type IDLE, SLOTS, STATE, STRIDE, type WATCHED } from "./layout.ts";

/** What the JS thread knows of a slot in use. */
export interface SlotOwner {
  /** The worker said that the slot's transfer ended, stopped, or that its fd is ready. */
  told(): void;
  /** The worker is gone. */
  died(cause: unknown): void;
}

/** The table that the JS thread and the worker share, and who owns which slot. */
export class SlotTable {
  readonly shared = new SharedArrayBuffer(SLOTS * STRIDE * 4);
  readonly words = new Int32Array(this.shared);
  readonly bytes = new Float64Array(this.shared);
  readonly #owners: (SlotOwner | undefined)[] = [undefined]; // slot 0 is the header
  readonly #free: number[] = [];

  /** Takes a slot, with a generation of its own. */
  take(owner: SlotOwner, state: typeof IDLE | typeof WATCHED, fill: (at: number) => void): number {
    const slot = this.#free.pop() ?? this.#owners.length;
    if (slot >= SLOTS) {
      throw new TaskIOError("UNAVAILABLE", `${SLOTS} streams are open: close some first`);
    }
    this.#owners[slot] = owner;
    const at = slot * STRIDE;
    this.words.fill(0, at + STATE + 1, at + GEN);
    this.words.fill(0, at + GEN + 1, at + STRIDE);
    fill(at);
    Atomics.store(this.words, at + GEN, ((this.words[at + GEN] ?? 0) + 1) & 0x7fffffff);
    Atomics.store(this.words, at + STATE, state);
    return slot;
  }

  give(slot: number): void {
    const at = slot * STRIDE;
    Atomics.store(this.words, at + STATE, FREE);
    Atomics.store(this.words, at + GEN, (this.words[at + GEN]! + 1) & 0x7fffffff); // stale events
    this.#owners[slot] = undefined;
    this.#free.push(slot);
  }

  generation(slot: number): number {
    return this.words[slot * STRIDE + GEN]!;
  }

  /** The owner that a message of the worker is for; undefined when it came too late. */
  addressee(message: number): SlotOwner | undefined {
    const slot = message % SLOTS;
    return this.generation(slot) === Math.floor(message / SLOTS) ? this.#owners[slot] : undefined;
  }

  owners(): SlotOwner[] {
    return this.#owners.filter((owner) => owner !== undefined);
  }
}
