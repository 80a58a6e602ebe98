import { type ChunkWriter, TaskIOError } from "@taskio/core";
import type { History } from "./history.ts";

/** What a view tells its viewer. */
export interface ViewEvents {
  /** So many bytes were left out after the first `offset` bytes that the viewer got. */
  missed(bytes: number, offset: number): void;
  /** The viewer gets the last byte: the FIFO is closed next. */
  end(): void;
  /** The viewer gets nothing more, and not because it left: the FIFO is closed next. */
  failed(error: TaskIOError): void;
  /** The viewer has taken more, or left, while nothing was published. */
  moved(): void;
}

/**
 * One output for one viewer: a place in the history, from which on all is written to the viewer's FIFO
 * as it takes it. Where the history has gone on without it, the viewer misses what is gone.
 */
export class View {
  readonly #history: History;
  readonly #fifo: ChunkWriter;
  readonly #events: ViewEvents;
  #offset: number;
  #written = 0;
  #isWaiting = false;
  #ending = false;
  #closed = false;

  /** The FIFO becomes the view's own. Nothing is written before {@link flush}. */
  constructor(history: History, offset: number, fifo: ChunkWriter, events: ViewEvents) {
    this.#history = history;
    this.#offset = offset;
    this.#fifo = fifo;
    this.#events = events;
  }

  /** The offset of the first byte that the viewer's FIFO has not taken. */
  get offset(): number {
    return this.#offset;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Writes what is there and the FIFO takes. The rest follows when it takes more. */
  flush(): void {
    if (this.#closed) return;
    try {
      const isUpToDate = this.#write();
      if (this.#closed) return;
      if (!isUpToDate) this.#waitForRoom();
      else if (this.#ending) this.#end();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** Nothing follows any more. */
  end(): void {
    this.#ending = true;
    this.flush();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#fifo.close();
  }

  /** Gives false when the FIFO is full. */
  #write(): boolean {
    for (let from = this.#next(); from < this.#history.end; from = this.#next()) {
      const piece = this.#history.at(from);
      const taken = this.#fifo.write(piece);
      if (taken > 0) this.#took(from, taken);
      if (taken < piece.length || this.#closed) return false;
    }
    return true;
  }

  /** Who was too slow goes on in the middle of what is kept: at its start, they would be too slow again at once. */
  #next(): number {
    const { start, end } = this.#history;
    if (this.#offset >= start) return this.#offset;
    return this.#ending ? start : end - Math.ceil((end - start) / 2);
  }

  #took(from: number, bytes: number): void {
    if (from > this.#offset) this.#events.missed(from - this.#offset, this.#written);
    this.#offset = from + bytes;
    this.#written += bytes;
  }

  #waitForRoom(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    const goOn = (step: () => void) => {
      this.#isWaiting = false;
      step();
      this.#events.moved();
    };
    this.#fifo.writable().then(
      () => goOn(() => this.flush()),
      (thrown) => goOn(() => this.#fail(thrown)),
    );
  }

  #fail(thrown: unknown): void {
    if (this.#closed) return;
    const error = TaskIOError.from(thrown, "ENGINE_FAILED", "write to a viewer");
    if (error.code !== "PEER_GONE") this.#events.failed(error); // else it has left, or left this stream
    this.close();
  }

  #end(): void {
    this.#events.end();
    this.close();
  }
}
