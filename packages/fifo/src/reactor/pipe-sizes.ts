import { libc, linux } from "../libc.ts";
import {
  BYTES,
  DEFAULT_PIPE_SIZE,
  DST,
  GROWN,
  GROWN_DST,
  GROWN_PIPE_SIZE,
  GROWN_PIPES,
  GROWN_SRC,
  MAX_GROWN,
  SRC,
  STRIDE,
  TRIED,
} from "./layout.ts";
import type { SlotTable } from "./slot-table.ts";

/** How often idle pipes are looked for, in ms. */
const period = 2000;

/**
 * Gives back the memory of pipes that were grown, when they are idle or released. The worker grows those
 * of its transfers itself.
 */
export class PipeSizes {
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

  /** Grows the FIFO that is a slot's source, and looks after it; nothing where that was tried before. */
  grow(slot: number): void {
    const { words } = this.#table;
    const at = slot * STRIDE;
    if (words[at + GROWN] !== 0) return;
    const grown = this.#growPipe(words[at + SRC]!);
    words[at + GROWN] = grown ? TRIED | GROWN_SRC : TRIED;
    if (grown) this.watch(slot);
  }

  /** The slot is given back: what of it is grown goes back to the default size. */
  release(slot: number): void {
    this.#shrink(slot);
    const { words } = this.#table;
    const stillGrown = words[slot * STRIDE + GROWN]!; // it holds more, and is not ours any longer
    if ((stillGrown & GROWN_SRC) !== 0) Atomics.sub(words, GROWN_PIPES, 1);
    if ((stillGrown & GROWN_DST) !== 0) Atomics.sub(words, GROWN_PIPES, 1);
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
    const grown = words[at + GROWN]!;
    if (grown <= TRIED) return;
    let left = grown & ~TRIED;
    if ((left & GROWN_SRC) !== 0 && this.#shrinkPipe(words[at + SRC]!)) left -= GROWN_SRC;
    if ((left & GROWN_DST) !== 0 && this.#shrinkPipe(words[at + DST]!)) left -= GROWN_DST;
    words[at + GROWN] = left === 0 ? 0 : TRIED | left;
  }

  #growPipe(fd: number): boolean {
    if (sizeOf(fd) !== DEFAULT_PIPE_SIZE) return false; // somebody has given it one
    const { words } = this.#table;
    const mayGrow = Atomics.add(words, GROWN_PIPES, 1) < MAX_GROWN;
    const grown = mayGrow && resize(fd, GROWN_PIPE_SIZE);
    if (!grown) Atomics.sub(words, GROWN_PIPES, 1);
    return grown;
  }

  /** A pipe that holds more than its default size is refused: it counts on, and is tried again. */
  #shrinkPipe(fd: number): boolean {
    if (sizeOf(fd) === GROWN_PIPE_SIZE && !resize(fd, DEFAULT_PIPE_SIZE)) return false;
    Atomics.sub(this.#table.words, GROWN_PIPES, 1);
    return true;
  }
}

function sizeOf(fd: number): number {
  return libc().fcntl(fd, linux.F_GETPIPE_SZ, 0);
}

function resize(fd: number, size: number): boolean {
  return libc().fcntl(fd, linux.F_SETPIPE_SZ, size) > 0;
}
