import { type ChunkWriter, type Copy, type StreamResult, TaskIOError, Turn } from "@taskio/core";
import { stopped } from "./stopped.ts";

/** The writing end of a FIFO; `opened` settles when somebody reads it. */
export type FIFOWriter = ChunkWriter & { readonly path: string; readonly opened: Promise<unknown> };

/** bun-types lacks the signal. */
type Controller = WritableStreamDefaultController & { readonly signal: AbortSignal };

/** A stdin FIFO as a web stream: each write settles when the FIFO has taken all of it. */
export class WritableCopy implements Copy {
  readonly stream: WritableStream<Uint8Array>;
  readonly done: Promise<StreamResult>;
  readonly #fifo: FIFOWriter;
  readonly #turn = new Turn();
  readonly #result = Promise.withResolvers<StreamResult>();
  #controller!: Controller; // set by start, within the constructor
  #interrupt: ((error: TaskIOError) => void) | undefined;
  #bytes = 0;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;

  /** The write end becomes the copy's own. */
  constructor(fifo: FIFOWriter) {
    this.#fifo = fifo;
    this.done = this.#result.promise;
    this.stream = new WritableStream({
      start: (controller) => {
        this.#controller = controller as Controller;
        // The stream's own abort callback comes after the write under way, which may be stuck.
        this.#controller.signal.addEventListener("abort", () => this.#stop());
      },
      write: (chunk) => this.#write(chunk),
      close: () => void this.#finish(),
    });
  }

  stop(): void {
    if (!this.#ended) this.#controller.error(this.#stop());
  }

  async #write(chunk: unknown): Promise<void> {
    try {
      this.#rest = bytesOf(chunk);
      while (this.#rest.length > 0) await this.#writeSome();
      await this.#turn.next();
    } catch (thrown) {
      throw this.#fail(thrown);
    }
  }

  async #writeSome(): Promise<void> {
    if (this.#ended) throw stopped(this.#fifo.path);
    const written = this.#fifo.write(this.#rest);
    this.#bytes += written;
    this.#rest = this.#rest.subarray(written);
    if (this.#rest.length > 0) await this.#unlessStopped(this.#fifo.writable());
  }

  /** The end is told when there is a task to tell it to; the caller need not wait for that. */
  async #finish(): Promise<void> {
    try {
      await this.#unlessStopped(this.#fifo.opened);
      this.#end({ end: "eof" });
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #unlessStopped(promise: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#interrupt = reject;
      promise.then(resolve, reject);
    });
  }

  #stop(): TaskIOError {
    const error = stopped(this.#fifo.path);
    this.#end({ end: "stopped" });
    this.#interrupt?.(error);
    return error;
  }

  #fail(thrown: unknown): TaskIOError {
    const error = TaskIOError.from(thrown, "ENGINE_FAILED", `write to "${this.#fifo.path}"`);
    this.#end({ end: "failed", error });
    return error;
  }

  #end(how: Pick<StreamResult, "end" | "error">): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#fifo.close();
    const unacknowledged = this.#rest.length;
    this.#result.resolve({ bytes: this.#bytes, discarded: 0, unacknowledged, ...how });
  }
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  const type = typeof chunk === "string" ? "text" : (chunk?.constructor?.name ?? String(chunk));
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `cannot write ${type} to stdin: give a Uint8Array, and encode text with TextEncoder`,
  );
}
