import { closeSync, openSync } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { linux } from "../libc.ts";
import { libcNames } from "../load-libc.ts";
import { pipe } from "../pipe.ts";
import { Epoll } from "./epoll.ts";
import { type Init, WRITES } from "./layout.ts";
import { PipeSizes } from "./pipe-sizes.ts";
import { SlotTable } from "./slot-table.ts";
import { startWorker } from "./start-worker.ts";

/** One per process and layout, also over `--hot` reloads and twice-installed packages. */
const key = Symbol.for("taskio.reactor.2");
const registry = globalThis as { [key]?: Reactor };

/**
 * One thread that waits for all FIFOs of the process and moves their bytes, and what the JS thread
 * shares with it. The JS thread owns every fd and tells the worker nothing: it fills a slot and adds
 * the fds to the epoll instance that the worker sleeps on.
 */
export class Reactor {
  readonly table = new SlotTable();
  readonly pipes = new PipeSizes(this.table);
  readonly epoll: Epoll;
  readonly devNull: number;
  readonly #fds: DisposableStack;
  readonly #worker: Worker;
  #pending = 0;
  #dead = false;

  /**
   * The process's reactor; starts it at the first use, and anew after its thread has died.
   *
   * @throws TaskIOError `UNAVAILABLE` (no fd left), `UNSUPPORTED`, `ENGINE_FAILED` (no thread)
   */
  static get(): Reactor {
    return (registry[key] ??= new Reactor());
  }

  private constructor() {
    using fds = new DisposableStack();
    this.epoll = fds.adopt(new Epoll(), (epoll) => epoll.close());
    this.devNull = fds.adopt(openDevNull(), closeSync);
    const scratch = pipe();
    for (const fd of scratch) fds.adopt(fd, closeSync);
    this.#worker = startWorker();
    this.#fds = fds.move();
    this.#worker.onmessage = ({ data }: MessageEvent<number>) => this.table.addressee(data)?.told();
    this.#worker.onerror = (event) => this.#die(event.error ?? event.message);
    this.#worker.addEventListener("close", () => this.#die(new Error("the thread was terminated")));
    this.#begin(scratch);
  }

  #begin(scratch: readonly [number, number]): void {
    const init: Init = {
      libc: libcNames,
      epoll: this.epoll.fd,
      table: this.table.shared,
      scratch,
      devNull: this.devNull,
    };
    this.#worker.postMessage(init);
    this.#worker.unref();
  }

  /** The JS thread has written to a task: what comes now may be the answer, and is not left to gather. */
  static wrote(): void {
    const words = registry[key]?.table.words;
    if (words) words[WRITES]!++;
  }

  /** Something is pending: the process stays alive until as many releases. */
  hold(): void {
    if (this.#pending++ === 0 && !this.#dead) this.#worker.ref();
  }

  release(): void {
    if (--this.#pending === 0 && !this.#dead) this.#worker.unref();
  }

  /** Ends the thread, as a crash would. */
  terminate(): void {
    this.#worker.terminate();
    // A thread that is just going to sleep in epoll_wait may miss it: an event of no slot wakes it.
    const ends = pipe();
    for (const fd of ends) this.#fds.adopt(fd, closeSync);
    this.epoll.add(ends[1], linux.EPOLLOUT | linux.EPOLLET, 0, -1);
  }

  #die(cause: unknown): void {
    if (this.#dead) return;
    this.#dead = true;
    if (registry[key] === this) delete registry[key];
    this.#worker.terminate();
    for (const owner of this.table.owners()) owner.died(cause);
    this.pipes.stop();
    this.#fds.dispose();
  }
}

function openDevNull(): number {
  try {
    return openSync("/dev/null", "w");
  } catch (error) {
    throw TaskIOError.from(error, "UNAVAILABLE", "open /dev/null");
  }
}
