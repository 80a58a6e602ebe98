import { stopGrace } from "@taskio/core";
import { linux } from "../libc.ts";
import {
  BUSY,
  BYTES,
  DST,
  EOF,
  ERR,
  FREE,
  IDLE,
  KIND,
  SRC,
  STATE,
  STOP,
  STRIDE,
  WHY,
} from "./layout.ts";
import { Reactor } from "./reactor.ts";
import type { SlotOwner } from "./slot-table.ts";

/** How a {@link Transfer} ended. */
export interface TransferEnd {
  /** Bytes that the destination has accepted. */
  readonly bytes: number;
  /** `stuck`: stopped, and the thread has not let go in time; a slow disk can do that. */
  readonly why: "eof" | "stopped" | "failed" | "dead" | "stuck";
  /** The number behind `failed`. */
  readonly errno: number;
  /** What killed the thread, or why the kernel refused to watch, behind `dead`. */
  readonly cause?: unknown;
}

/** Bytes moved from one fd to another by the reactor's thread. */
export class Transfer implements SlotOwner {
  /** How it ended; soon after a stop, whatever the thread does. */
  readonly ended: Promise<TransferEnd>;
  /** Settles when the thread has let go of both fds: only then may they be closed or used again. */
  readonly released: Promise<void>;
  readonly #reactor = Reactor.get();
  readonly #src: number;
  readonly #dst: number;
  readonly #slot: number;
  readonly #end = Promise.withResolvers<TransferEnd>();
  readonly #release = Promise.withResolvers<void>();
  #stopTimer: ReturnType<typeof setTimeout> | undefined;
  #stopLimit = Infinity;
  #refused: unknown;
  #over = false;

  /**
   * @param kind a kind of `layout.ts` with its flags
   * @throws TaskIOError `UNAVAILABLE` when there are too many; nothing is held then
   */
  constructor(src: number, dst: number, kind: number) {
    this.#src = src;
    this.#dst = dst;
    this.ended = this.#end.promise;
    this.released = this.#release.promise;
    const { table } = this.#reactor;
    this.#slot = table.take(this, IDLE, (at) => {
      table.words[at + SRC] = src;
      table.words[at + DST] = dst;
      table.words[at + KIND] = kind;
    });
    this.#reactor.pipes.watch(this.#slot);
    this.#reactor.hold();
    this.#watch();
  }

  /**
   * Ends the transfer: at once when it sleeps, else after the splice under way.
   *
   * @param limit how long the thread may take to let go before it counts as stuck, in ms
   */
  stop(limit: number): void {
    const { words } = this.#reactor.table;
    const state = this.#slot * STRIDE + STATE;
    while (!this.#over) {
      if (Atomics.compareExchange(words, state, IDLE, FREE) === IDLE)
        return this.#finish("stopped");
      // The worker may go idle between the two: then once more. Else it answers, or has already.
      if (Atomics.compareExchange(words, state, BUSY, STOP) !== IDLE) break;
    }
    if (this.#over || limit >= this.#stopLimit) return;
    this.#stopLimit = limit;
    clearTimeout(this.#stopTimer);
    this.#stopTimer = setTimeout(() => this.#settle("stuck"), limit);
  }

  told(): void {
    const { words } = this.#reactor.table;
    const at = this.#slot * STRIDE;
    if (words[at + STATE] === STOP) this.#finish("stopped");
    else this.#finish(words[at + WHY] === EOF ? "eof" : "failed", words[at + ERR]);
  }

  died(cause: unknown): void {
    this.#finish("dead", 0, cause);
  }

  #watch(): void {
    const { epoll, table } = this.#reactor;
    const generation = table.generation(this.#slot);
    try {
      epoll.add(this.#dst, linux.EPOLLOUT | linux.EPOLLET, this.#slot, generation);
      epoll.add(this.#src, linux.EPOLLIN | linux.EPOLLET, this.#slot, generation);
    } catch (error) {
      this.#refused = error; // the worker may have begun already: it lets go first
      this.stop(stopGrace.cancel);
    }
  }

  #finish(why: TransferEnd["why"], errno = 0, cause?: unknown): void {
    if (this.#over) return;
    this.#over = true;
    const { epoll, pipes, table } = this.#reactor;
    epoll.remove(this.#src);
    epoll.remove(this.#dst);
    if (this.#refused) this.#settle("dead", 0, this.#refused);
    else this.#settle(why, errno, cause);
    pipes.release(this.#slot);
    table.give(this.#slot);
    this.#reactor.release();
    this.#release.resolve();
  }

  #settle(why: TransferEnd["why"], errno = 0, cause?: unknown): void {
    clearTimeout(this.#stopTimer);
    this.#end.resolve({ bytes: this.#bytes, why, errno, cause });
  }

  get #bytes(): number {
    return this.#reactor.table.bytes[this.#slot * (STRIDE / 2) + BYTES]!;
  }
}
