import { TaskIOError } from "@taskio/core";
import type { InputStream } from "./input-stream.ts";
import type { KeyedReader } from "./keyed-reader.ts";

/** How many bytes one pull takes at the most, and are looked ahead: as many as a terminal holds. */
const chunkSize = 4096;
/** How long nobody may ask for input, in ms, before it is searched for the keys nonetheless. */
const stuckTime = 1000;
/** How long the task may take, in ms, to take what came before the keys. */
const deliveryTime = 1000;

/** A reader's bytes as a stream; `onDetach` is called when it has ended with the keys. */
export function keyedStream(reader: KeyedReader, onDetach?: () => void): InputStream {
  return new KeyedStream(reader, onDetach).stream;
}

class KeyedStream {
  readonly stream: InputStream;
  readonly #reader: KeyedReader;
  readonly #onDetach: (() => void) | undefined;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pulling = false;
  #looking = false;
  #detached = false;
  #over = false;

  constructor(reader: KeyedReader, onDetach: (() => void) | undefined) {
    this.#reader = reader;
    this.#onDetach = onDetach;
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#pull(),
        cancel: () => this.#release(),
      },
      { highWaterMark: 0 }, // what is taken ahead is missing in the terminal
    );
    this.stream = Object.defineProperties(stream, {
      detached: { get: () => this.#detached },
      [Symbol.dispose]: { value: () => this.#dispose() },
    }) as InputStream;
    this.#expectPull();
  }

  async #pull(): Promise<void> {
    clearTimeout(this.#timer);
    this.#pulling = true;
    try {
      while (!this.#answer()) {
        await this.#reader.wait();
        if (!this.stream.locked) return; // whoever asked has left: what is there stays there
      }
    } finally {
      this.#pulling = false;
      this.#expectPull();
    }
  }

  /** Gives the stream's reader what there is, or the end; false where there is neither. */
  #answer(): boolean {
    if (this.#over) return true;
    this.#reader.collect(chunkSize);
    const bytes = this.#reader.take();
    const { end } = this.#reader;
    if (bytes.length > 0) {
      this.#controller.enqueue(bytes);
      if (end === "keys") this.#detachLater();
      return true;
    }
    if (end === "keys") this.#detach(); // asked for more: all before the keys has been used
    if (end) this.#close();
    return end !== undefined;
  }

  #close(): void {
    this.#over = true;
    if (this.#reader.end === "failed") this.#controller.error(this.#reader.failure);
    else this.#controller.close();
  }

  #detach(): void {
    clearTimeout(this.#timer);
    if (this.#detached) return;
    this.#detached = true;
    this.#onDetach?.();
  }

  /** A task that takes no more input is left all the same. */
  #detachLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#detach(), deliveryTime);
  }

  #expectPull(): void {
    if (!this.#onDetach || this.#reader.end) return;
    this.#timer = setTimeout(() => void this.#lookAhead(), stuckTime).unref();
  }

  /** Nobody asks because the task takes no input, or is not there yet: the keys must work. */
  async #lookAhead(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    while (this.stream.locked && !this.#pulling) {
      this.#reader.collect(chunkSize);
      if (this.#reader.end || this.#reader.size >= chunkSize) break;
      await this.#reader.wait();
    }
    this.#looking = false;
    if (this.#pulling) return;
    if (this.#reader.end !== "keys") this.#expectPull();
    else if (this.#reader.size > 0) this.#detachLater();
    else this.#detach();
  }

  #dispose(): void {
    if (this.#over) return;
    this.#release();
    this.#controller.error(new TaskIOError("CLOSED", "the input was disposed: make another one"));
  }

  #release(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#reader.release();
  }
}
