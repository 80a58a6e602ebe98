/**
 * Bytes for a task's stdin: a source for `withStreams` that takes nothing ahead.
 *
 * Dispose it when the task's IO is over: it waits for input as long as somebody last asked for some,
 * which keeps the process alive. Disposing frees what it holds; what it read from stays open and is
 * not cancelled.
 */
export interface InputStream extends ReadableStream<Uint8Array>, Disposable {
  /** Whether it ended because the detach keys came. */
  readonly detached: boolean;
}
