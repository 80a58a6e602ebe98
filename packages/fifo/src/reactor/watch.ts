import { engineFailed } from "../engine-failed.ts";
import { linux } from "../libc.ts";
import { Load } from "../load.ts";
import { BYTES, GROWN, GROWN_SRC, SRC, STRIDE, WATCHED } from "./layout.ts";
import { Reactor } from "./reactor.ts";
import type { SlotOwner } from "./slot-table.ts";

/** Waits, time and again, until the JS thread can read or write an fd. */
export class Watch implements SlotOwner {
  readonly #fd: number;
  readonly #events: number;
  #reactor: Reactor | undefined;
  #slot = 0;
  readonly #load = new Load();
  #waiting: { resolve: () => void; reject: (cause: unknown) => void } | undefined;

  constructor(fd: number, direction: "readable" | "writable") {
    this.#fd = fd;
    this.#events = (direction === "readable" ? linux.EPOLLIN : linux.EPOLLOUT) | linux.EPOLLONESHOT;
  }

  /** Resolves when the fd is ready, or its other end gone. One wait at a time; pending after close. */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#arm();
      this.#waiting = { resolve, reject };
      this.#reactor?.hold();
    });
  }

  /** Whether the fd is a FIFO that was grown. */
  get isGrown(): boolean {
    const grown = this.#reactor?.table.words[this.#slot * STRIDE + GROWN] ?? 0;
    return (grown & GROWN_SRC) !== 0;
  }

  /** Counts what went through the fd, a FIFO, which is grown when that is much. */
  moved(bytes: number): void {
    if (!this.#reactor) return;
    this.#reactor.table.bytes[this.#slot * (STRIDE / 2) + BYTES]! += bytes;
    if (this.#load.isHigh(bytes)) this.#reactor.pipes.grow(this.#slot);
  }

  /** To be called before the fd is closed. */
  close(): void {
    this.#endWait();
    this.#reactor?.epoll.remove(this.#fd);
    this.#reactor?.pipes.release(this.#slot);
    this.#reactor?.table.give(this.#slot);
    this.#reactor = undefined;
  }

  told(): void {
    this.#endWait()?.resolve();
  }

  died(cause: unknown): void {
    const waiting = this.#endWait();
    this.#reactor?.pipes.release(this.#slot);
    this.#reactor = undefined;
    waiting?.reject(engineFailed(cause));
  }

  #arm(): void {
    if (this.#reactor) {
      const { epoll, table } = this.#reactor;
      return epoll.modify(this.#fd, this.#events, this.#slot, table.generation(this.#slot));
    }
    const reactor = Reactor.get();
    const { epoll, table } = reactor;
    this.#slot = table.take(this, WATCHED, (at) => {
      table.words[at + SRC] = this.#fd;
    });
    this.#reactor = reactor;
    epoll.add(this.#fd, this.#events, this.#slot, table.generation(this.#slot));
  }

  #endWait() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) this.#reactor?.release();
    return waiting;
  }
}
