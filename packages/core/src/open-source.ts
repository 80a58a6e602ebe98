import { TaskIOError } from "./error.ts";
import { describe, fdOf } from "./open-sink.ts";
import type { Source } from "./streams.ts";

/** A source that is read on the JS thread. */
export interface ChunkSource {
  /** The next chunk, or undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** Gives the caller's stream back, not cancelled. What it has not given stays in it. */
  release(): void;
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
  if (source instanceof Blob) return openReadableStream(source.stream(), name);
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
  return {
    next: async () => chunkOf((await reader.read()).value),
    release: () => reader.releaseLock(),
  };
}

type Chunks = Iterator<Uint8Array> | AsyncIterator<Uint8Array>;

/** The `next()` that a stopped copy had asked for: the next copy of the same iterator begins with it. */
const asked = new WeakMap<Chunks, Promise<IteratorResult<Uint8Array>>>();

function openIterator(iterator: Chunks): ChunkSource {
  let released = false;
  return {
    async next() {
      const pending = asked.get(iterator) ?? Promise.resolve(iterator.next());
      asked.set(iterator, pending);
      try {
        const { done, value } = await pending;
        return done ? undefined : chunkOf(value);
      } finally {
        if (!released) asked.delete(iterator);
      }
    },
    release() {
      released = true;
    },
  };
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
