import { describe } from "./describe.ts";
import { TaskIOError } from "./error.ts";
import { fdOf } from "./fd-of.ts";
import type { Sink } from "./streams.ts";

/** A sink that takes chunks on the JS thread. */
export interface ChunkSink {
  /** Hands a chunk over for keeps; the next one may come when the promise has settled. */
  write(chunk: Uint8Array): void | Promise<void>;
  /** Gives the caller's stream back, unclosed. */
  release(): void;
}

/**
 * Sorts a {@link Sink} into an fd or a chunk sink, and locks a web stream, which several copies may
 * share. For backends.
 *
 * @param name the stream's name, for the error
 * @throws TaskIOError `INVALID_ARGUMENT` when it is neither, or a web stream that is locked
 *
 * @example
 * ```ts
 * import { openSink } from "@taskio/core";
 *
 * const sink = openSink((chunk) => console.log(chunk.length), "stdout");
 * if ("write" in sink) await sink.write(new Uint8Array(3)); // 3
 * ```
 */
export function openSink(sink: Sink, name: string): ChunkSink | { readonly fd: number } {
  if (typeof sink === "function") return { write: sink, release() {} };
  if (sink instanceof WritableStream) return openWritableStream(sink, name);
  const fd = fdOf(sink);
  if (fd !== undefined) return { fd };
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid ${name} sink ${describe(sink)}: give an fd, a WritableStream or a function`,
  );
}

interface Shared {
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  users: number;
}

/** Streams that copies have locked: several may write to one, such as stdout and stderr. */
const shared = new WeakMap<WritableStream, Shared>();

function openWritableStream(stream: WritableStream<Uint8Array>, name: string): ChunkSink {
  const sharing = shared.get(stream) ?? lock(stream, name);
  sharing.users++;
  return {
    write: (chunk) => sharing.writer.write(chunk),
    release() {
      if (--sharing.users > 0) return;
      shared.delete(stream);
      sharing.writer.releaseLock();
    },
  };
}

function lock(stream: WritableStream<Uint8Array>, name: string): Shared {
  if (stream.locked) {
    throw new TaskIOError(
      "INVALID_ARGUMENT",
      `the ${name} sink is locked: release its writer first`,
    );
  }
  const writer = stream.getWriter();
  writer.closed.catch(() => {}); // a failure is reported by the write it fails
  const sharing = { writer, users: 0 };
  shared.set(stream, sharing);
  return sharing;
}
