/** How much memory is kept for the next bytes, if it did not begin with more. */
const maxKept = 1024 * 1024;

/**
 * Bytes that grow at their end and are emptied at once; up to 1 MiB of memory is kept for the next ones.
 * What a {@link RecordEncoder} writes to: a format of your own needs `append` alone.
 *
 * @example
 * ```ts
 * import { ByteBuffer, criFormat } from "@taskio/logs";
 *
 * const records = new ByteBuffer(); // as a log writer has one, for another place than a file
 * criFormat.newEncoder("stdout").encode(Buffer.from("one\ntwo\n"), Date.now(), records);
 * console.log(String(records.bytes).split("\n").length); // 3
 * ```
 */
export class ByteBuffer {
  /** How many bytes are in it. */
  length = 0;
  readonly #capacity: number;
  #bytes: Buffer;

  /** @param capacity how much memory to begin with, in bytes */
  constructor(capacity = 64 * 1024) {
    this.#capacity = capacity;
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** What is in it, as a view: valid until the next change. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  /** The memory itself, with room for `size` more bytes at {@link length}, which the caller then moves. */
  reserve(size: number): Buffer {
    const needed = this.length + size;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }

  /** Copies bytes to the end. */
  append(bytes: Uint8Array): void {
    this.reserve(bytes.length).set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Empties it. */
  clear(): void {
    this.length = 0;
    if (this.#bytes.length <= Math.max(maxKept, this.#capacity)) return;
    this.#bytes = Buffer.allocUnsafeSlow(this.#capacity);
  }
}
