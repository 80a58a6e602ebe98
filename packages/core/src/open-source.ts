import { TaskIOError } from "./error.ts";
import { describe, fdOf } from "./open-sink.ts";
import type { Source } from "./streams.ts";

/** A source that is read on the JS thread. */
export interface ChunkSource {
  /** The next chunk, or undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
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
 * if ("next" in source) console.log((await source.next())?.length); // 3
 * ```
 */
export function openSource(source: Source, name: string): ChunkSource | { readonly fd: number } {
  if (source instanceof Uint8Array) return openIterator([source].values());
  if (source instanceof Blob) return openBlob(source);
  if (source instanceof ReadableStream) return openReadableStream(source, name);
  const fd = fdOf(source);
  if (fd !== undefined) return { fd };
  if (isAsyncIterable(source)) return openIterator(source[Symbol.asyncIterator]());
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
  return new ResumableSource(stream, {
    read: () => reader.read(),
    release: () => reader.releaseLock(), // rejects a read under way: its chunk stays in the stream
    keep: (read) => read.catch(() => undefined),
  });
}

/** The stream is ours: only cancelling it frees the file behind a `Bun.file`. */
function openBlob(blob: Blob): ChunkSource {
  const reader = (blob.stream() as ReadableStream<Uint8Array>).getReader();
  return {
    next: async () => (await reader.read()).value,
    release: () => void reader.cancel().catch(() => {}),
  };
}

function openIterator(iterator: Iterator<Uint8Array> | AsyncIterator<Uint8Array>): ChunkSource {
  return new ResumableSource(iterator, {
    read: async () => iterator.next(),
    release() {},
    keep: (read) => read,
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
  keep(read: Promise<Result>): Promise<Result | undefined>;
}

interface Left {
  readonly rest: Uint8Array | undefined;
  readonly read: Promise<Result | undefined> | undefined;
}

/** What stopped copies had taken and not used: the next copy of the same stream begins with it. */
const leftOver = new WeakMap<object, Left>();

class ResumableSource implements ChunkSource {
  readonly #stream: object;
  readonly #reads: Reads;
  #rest: Uint8Array | undefined;
  #kept: Promise<Result | undefined> | undefined;
  #read: Promise<Result> | undefined;

  constructor(stream: object, reads: Reads) {
    this.#stream = stream;
    this.#reads = reads;
    const left = leftOver.get(stream);
    leftOver.delete(stream);
    this.#rest = left?.rest;
    this.#kept = left?.read;
  }

  async next(): Promise<Uint8Array | undefined> {
    if (this.#rest) return this.#takeRest();
    const { done, value } = (await this.#takeKept()) ?? (await this.#readOne());
    return done ? undefined : chunkOf(value);
  }

  release(rest?: Uint8Array): void {
    this.#reads.release();
    const read = this.#read ? this.#reads.keep(this.#read) : this.#kept;
    const first = rest?.length ? rest : this.#rest;
    if (first || read) leftOver.set(this.#stream, { rest: first, read });
  }

  #takeRest(): Uint8Array | undefined {
    const rest = this.#rest;
    this.#rest = undefined;
    return rest;
  }

  async #takeKept(): Promise<Result | undefined> {
    try {
      return await this.#kept;
    } finally {
      this.#kept = undefined;
    }
  }

  async #readOne(): Promise<Result> {
    try {
      return await (this.#read = this.#reads.read());
    } finally {
      this.#read = undefined;
    }
  }
}

function chunkOf(value: unknown): Uint8Array | undefined {
  if (value === undefined || value instanceof Uint8Array) return value;
  throw new TaskIOError(
    "SOURCE_FAILED",
    `the stdin source gave ${describe(value)} instead of a Uint8Array: encode text with TextEncoder`,
  );
}

function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof (value as AsyncIterable<Uint8Array> | null)?.[Symbol.asyncIterator] === "function";
}
