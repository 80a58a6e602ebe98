import { libc, linux } from "../libc.ts";
import { BYTES, DEFAULT_PIPE_SIZE, DST, GROWN, INBOUND, KIND, SRC, STRIDE } from "./layout.ts";
import type { SlotTable } from "./slot-table.ts";

/** How often idle FIFOs are looked for, in ms. */
const period = 2000;

/** Gives back the memory of FIFOs that the worker has grown, when they are idle or released. */
export class PipeShrinker {
  readonly #table: SlotTable;
  readonly #seen = new Map<number, number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(table: SlotTable) {
    this.#table = table;
  }

  /** Looks after a slot until it is released. */
  watch(slot: number): void {
    this.#seen.set(slot, 0);
    this.#timer ??= setInterval(() => this.#sweep(), period).unref();
  }

  /** The slot's transfer has ended: its FIFO goes back to the default size. */
  release(slot: number): void {
    this.#shrink(slot);
    this.#seen.delete(slot);
    if (this.#seen.size === 0) this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sweep(): void {
    for (const [slot, before] of this.#seen) {
      const bytes = this.#table.bytes[slot * (STRIDE / 2) + BYTES]!;
      if (bytes === before) this.#shrink(slot);
      this.#seen.set(slot, bytes);
    }
  }

  #shrink(slot: number): void {
    const { words } = this.#table;
    const at = slot * STRIDE;
    if (words[at + GROWN] !== 1) return;
    const fifo = words[at + ((words[at + KIND]! & INBOUND) !== 0 ? DST : SRC)]!;
    libc().fcntl(fifo, linux.F_SETPIPE_SZ, DEFAULT_PIPE_SIZE); // EBUSY when it holds more: it stays
    words[at + GROWN] = 0;
    Atomics.sub(words, 0, 1);
  }
}
