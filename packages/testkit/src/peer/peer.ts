/** The task's side of its streams, as a process and its runtime use them: what a test plays. */
export interface Peer {
  /**
   * Writes output and waits until all of it is in the stream, as a process does while nobody reads.
   * What is written to a stream that is not wired is dropped. Rejects after {@link Peer.exit}.
   */
  write(stream: "stdout" | "stderr", data: Uint8Array): Promise<void>;
  /** What the client sent to stdin, in pieces; ends after {@link Peer.closeIO} once all was read. */
  readStdin(): AsyncIterable<Uint8Array>;
  /** The runtime's `CloseIO`: stdin ends once the client's writer is closed too. */
  closeIO(): void | Promise<void>;
  /** The process ends: outputs end once what is in them was read, stdin is read no more. Twice is fine. */
  exit(): void | Promise<void>;
}
