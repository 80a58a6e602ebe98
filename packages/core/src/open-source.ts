import { describe } from "./describe.ts";
import { TaskIOError } from "./error.ts";
import { fdOf } from "./fd-of.ts";
import type { Source } from "./streams.ts";

/** A source that is read on the JS thread. */
export interface ChunkSource {
  /**
   * Asks for the next chunk and gives it to `take`, which is called within the same turn in which the
   * chunk leaves the source, so that no chunk is between the two when a copy stops. After `release`
   * nothing is given.
   *
   * @returns false at the end, without a chunk
   */
  pull(take: (chunk: Uint8Array) => void): Promise<boolean>;
  /**
   * Gives the caller's stream back, not cancelled. `rest`, what was taken last and not used, comes
   * first when the same stream is opened again.
   */
  release(rest?: Uint8Array): void;
}

/**
 * Sorts a {@link Source} into an fd or a chunk source, and locks a web stream. For backends.
 *
 * @param name the stream's name, for the error
 * @throws TaskIOError `INVALID_ARGUMENT` when it is neither, or a web stream that is locked
 *
 * @example
 * ```ts
 * import { openSource } from "@taskio/core";
 *
 * const source = openSource(new Uint8Array(3), "stdin");
 * if ("pull" in source) await source.pull((chunk) => console.log(chunk.length)); // 3
 * ```
 */
export function openSource(source: Source, name: string): ChunkSource | { readonly fd: number } {
  if (source instanceof Uint8Array) return openBytes(source);
  if (source instanceof Blob) return openBlob(source);
  if (source instanceof ReadableStream) return openReadableStream(source, name);
  const fd = fdOf(source);
  if (fd !== undefined) return { fd };
  if (isAsyncIterable(source)) return openIterable(source);
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid ${name} source ${describe(source)}: give an fd, a ReadableStream, an async iterable, ` +
      "a Blob or a Uint8Array",
  );
}

function openReadableStream(stream: ReadableStream<Uint8Array>, name: string): ChunkSource {
  if (stream.locked) {
    throw new TaskIOError(
      "INVALID_ARGUMENT",
      `the ${name} source is locked: release its reader first`,
    );
  }
  const reader = stream.getReader();
  reader.closed.catch(() => {}); // a failure is reported by the read it fails
  return new ResumableSource(stream, () => ({
    read: () => reader.read(),
    release: () => reader.releaseLock(), // rejects a read under way: its chunk stays in the stream
    keep: (read) => read.catch(() => undefined),
  }));
}

function openBytes(bytes: Uint8Array): ChunkSource {
  const chunks = [bytes];
  return {
    async pull(take) {
      const chunk = chunks.pop();
      if (chunk) take(chunk);
      return chunk !== undefined;
    },
    release() {},
  };
}

/** The stream is ours: only cancelling it frees the file behind a `Bun.file`. */
function openBlob(blob: Blob): ChunkSource {
  const reader = (blob.stream() as ReadableStream<Uint8Array>).getReader();
  return {
    async pull(take) {
      const { done, value } = await reader.read();
      if (value) take(value);
      return !done;
    },
    release: () => void reader.cancel().catch(() => {}),
  };
}

/** An iterable may give another iterator each time: one that was left is gone on with. */
function openIterable(iterable: AsyncIterable<Uint8Array>): ChunkSource {
  return new ResumableSource(iterable, () => {
    const iterator = iterable[Symbol.asyncIterator]();
    return { read: async () => iterator.next(), release() {}, keep: (read) => read };
  });
}

interface Result {
  done?: boolean;
  value?: Uint8Array | undefined;
}

interface Reads {
  read(): Promise<Result>;
  release(): void;
  /** What a read that nobody waited for is to the next copy; undefined for reading anew. */
  keep(read: Promise<Result | undefined>): Promise<Result | undefined>;
}

interface Left {
  /** How to read on; a web stream is locked anew instead. */
  readonly reads: Reads;
  readonly rest: Uint8Array | undefined;
  readonly read: Promise<Result | undefined> | undefined;
}

/** What stopped copies had taken and not used: the next copy of the same stream begins with it. */
const leftOver = new WeakMap<object, Left>();

class ResumableSource implements ChunkSource {
  readonly #stream: object;
  readonly #reads: Reads;
  #rest: Uint8Array | undefined;
  #read: Promise<Result | undefined> | undefined;
  #ended = false;
  #released = false;

  constructor(stream: object, open: () => Reads) {
    const left = leftOver.get(stream);
    leftOver.delete(stream);
    this.#stream = stream;
    this.#reads = left && !(stream instanceof ReadableStream) ? left.reads : open();
    this.#rest = left?.rest;
    this.#read = left?.read;
  }

  async pull(take: (chunk: Uint8Array) => void): Promise<boolean> {
    const rest = this.#rest;
    if (rest) {
      this.#rest = undefined;
      take(rest);
      return true;
    }
    const result = await this.#nextResult();
    if (this.#released) return true; // it was kept for the next copy
    this.#read = undefined;
    if (!result) return this.pull(take);
    this.#ended = result.done === true;
    if (!this.#ended) take(chunkOf(result.value));
    return !this.#ended;
  }

  release(rest?: Uint8Array): void {
    this.#released = true;
    this.#reads.release();
    const read = this.#read && this.#reads.keep(this.#read);
    const first = rest?.length ? rest : this.#rest;
    if (this.#ended && !first) return;
    leftOver.set(this.#stream, { reads: this.#reads, rest: first, read });
  }

  async #nextResult(): Promise<Result | undefined> {
    try {
      return await (this.#read ??= this.#reads.read());
    } catch (error) {
      if (!this.#released) this.#read = undefined;
      throw error;
    }
  }
}

function chunkOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TaskIOError(
    "SOURCE_FAILED",
    `the stdin source gave ${describe(value)} instead of a Uint8Array: encode text with TextEncoder`,
  );
}

function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof (value as AsyncIterable<Uint8Array> | null)?.[Symbol.asyncIterator] === "function";
}
