import { type ChunkReader, type Copy, type StreamResult, TaskIOError, Turn } from "@taskio/core";
import { stopped } from "./stopped.ts";

/** The reading end of a FIFO. */
export type FIFOReader = ChunkReader & { readonly path: string };

/** An output FIFO as a web stream: the copy goes as far as the caller reads. */
export class ReadableCopy implements Copy {
  readonly stream: ReadableStream<Uint8Array>;
  readonly done: Promise<StreamResult>;
  readonly #fifo: FIFOReader;
  readonly #turn = new Turn();
  readonly #result = Promise.withResolvers<StreamResult>();
  #controller!: ReadableStreamDefaultController<Uint8Array>; // set by start, within the constructor
  #bytes = 0;
  #last = 0;
  #ended = false;

  /** The read end becomes the copy's own. */
  constructor(fifo: FIFOReader) {
    this.#fifo = fifo;
    this.done = this.#result.promise;
    this.stream = new ReadableStream(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#pull(),
        cancel: () => this.#end({ end: "stopped" }),
      },
      { highWaterMark: 0 }, // a chunk pulled ahead is a chunk lost on cancel
    );
  }

  stop(): void {
    if (this.#ended) return;
    this.#end({ end: "stopped" });
    // An error would drop a chunk that waits to be read: the pull after it gives the error then.
    if (!this.#hasQueued) this.#controller.error(stopped(this.#fifo.path));
  }

  async #pull(): Promise<void> {
    try {
      await this.#turn.next();
      while (!this.#ended) {
        if (!this.stream.locked) return; // the reader has left meanwhile: what comes stays in the FIFO
        const chunk = this.#fifo.read();
        if (chunk === "eof") return this.#close();
        if (chunk !== "empty") return this.#enqueue(chunk);
        await this.#fifo.readable();
      }
      this.#controller.error(stopped(this.#fifo.path));
    } catch (thrown) {
      this.#fail(TaskIOError.from(thrown, "ENGINE_FAILED", `read "${this.#fifo.path}"`));
    }
  }

  #enqueue(chunk: Uint8Array): void {
    const { length } = chunk; // the caller may transfer the buffer away
    this.#controller.enqueue(chunk);
    this.#bytes += length;
    this.#last = length;
  }

  #close(): void {
    this.#end({ end: "eof" });
    this.#controller.close();
  }

  #fail(error: TaskIOError): void {
    this.#end({ end: "failed", error });
    this.#controller.error(error);
  }

  #end(how: Pick<StreamResult, "end" | "error">): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#fifo.close();
    const unacknowledged = this.#hasQueued ? this.#last : 0;
    this.#result.resolve({ bytes: this.#bytes, discarded: 0, unacknowledged, ...how });
  }

  /** Whether a chunk waits to be read: its `read()` was given up by releasing the reader's lock. */
  get #hasQueued(): boolean {
    return (this.#controller.desiredSize ?? 0) < 0;
  }
}
