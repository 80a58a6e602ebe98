import { engineFailed } from "../engine-failed.ts";
import { linux } from "../libc.ts";
import { KIND, RELAY } from "./layout.ts";
import { Reactor } from "./reactor.ts";
import type { SlotOwner } from "./slot-table.ts";

/** Waits, time and again, until the JS thread can read or write an fd. */
export class Watch implements SlotOwner {
  readonly #fd: number;
  readonly #events: number;
  #reactor: Reactor | undefined;
  #slot = 0;
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

  /** To be called before the fd is closed. */
  close(): void {
    this.#endWait();
    this.#reactor?.epoll.remove(this.#fd);
    this.#reactor?.table.give(this.#slot);
    this.#reactor = undefined;
  }

  told(): void {
    this.#endWait()?.resolve();
  }

  died(cause: unknown): void {
    const waiting = this.#endWait();
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
    this.#slot = table.take(this, (at) => {
      table.words[at + KIND] = RELAY;
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
