/**
 * Where stdin comes from: an fd (or anything with one, such as `process.stdin`), a web stream, an
 * async iterable, a Blob (`Bun.file` too), or bytes. It stays the caller's: fds are not closed and
 * streams are released, never cancelled. Used again after a detach, an fd, a stream or an iterable goes
 * on where it was left; a Blob and bytes begin anew.
 */
export type Source =
  | number
  | { readonly fd: number }
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Blob
  | Uint8Array;

/**
 * Where an output goes: an fd (or anything with one, such as `process.stdout`), a web stream, or a
 * function. Each chunk is the sink's to keep; the next one comes when the returned promise (or the
 * stream's write) has settled. It stays the caller's: nothing is closed.
 */
export type Sink =
  | number
  | { readonly fd: number }
  | WritableStream<Uint8Array>
  | ((chunk: Uint8Array) => void | Promise<void>);

/** What the options of a creator or an attach add up to. Go: `cio.Streams`. */
export interface Streams {
  stdin?: Source | undefined;
  stdout?: Sink | undefined;
  stderr?: Sink | undefined;
  terminal: boolean;
  /** The folder that FIFO folders are made in; `""` for the backend's default. */
  fifoDir: string;
}
