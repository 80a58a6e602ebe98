/** Where bytes for a task come from: taken without waiting, and no more than asked for. */
export interface Input {
  /** What is there; `max` bytes at the most where the input can be read that exactly. */
  read(max: number): Uint8Array | "empty" | "eof";
  /** Resolves when `read` is worth a try. One wait at a time; may stay pending after `release`. */
  readable(): Promise<void>;
  /** Gives the input back to its owner, with what was taken last and not used. */
  release(rest: Uint8Array): void;
}
