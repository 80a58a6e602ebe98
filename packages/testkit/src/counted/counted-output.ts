import { CountedLines } from "./counted-lines.ts";

/**
 * Checks byte by byte that pieces of output add up to exactly `1\n2\n3\n…`, whatever way they are
 * split: what {@link countingCommand} writes, over any number of detaches and attaches. Checks
 * several gigabytes a second in constant memory.
 *
 * @example
 * ```ts
 * import { CountedOutput } from "@taskio/testkit";
 *
 * const output = new CountedOutput();
 * output.push(Buffer.from("1\n2"));
 * output.push(Buffer.from("\n3\n"));
 * output.end(3);
 * console.log(output.bytes, output.lines); // 6 3
 * ```
 */
export class CountedOutput {
  readonly #lines = new CountedLines();
  #offset = 0; // within the block
  #bytes = 0;

  /** How many bytes were right so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many complete lines were right so far. */
  get lines(): number {
    return this.#lines.first - 1 + this.#lines.linesWithin(this.#offset);
  }

  /**
   * Checks the next piece.
   *
   * @throws Error that names the offset of the first wrong byte, what was expected and what was seen
   */
  push(piece: Uint8Array): void {
    for (let done = 0; done < piece.length;) {
      const { block } = this.#lines;
      const length = Math.min(piece.length - done, block.length - this.#offset);
      const end = this.#offset + length;
      if (block.compare(piece, done, done + length, this.#offset, end) !== 0)
        this.#fail(piece, done);
      done += length;
      this.#bytes += length;
      this.#offset = end;
      if (end === block.length) this.#next();
    }
  }

  /**
   * Checks that the output ended right after line `limit`.
   *
   * @throws Error that says where it ended instead
   */
  end(limit: number): void {
    const { block } = this.#lines;
    const midLine = this.#offset > 0 && block[this.#offset - 1] !== 10;
    if (this.lines === limit && !midLine) return;
    const where = midLine ? `within line ${this.lines + 1}` : `after line ${this.lines}`;
    throw new Error(`output ended ${where} (${this.#bytes} bytes) instead of after line ${limit}`);
  }

  #next(): void {
    this.#lines.next();
    this.#offset = 0;
  }

  #fail(piece: Uint8Array, done: number): never {
    const { block } = this.#lines;
    let at = 0;
    while (piece[done + at] === block[this.#offset + at]) at++;
    const expected = block.toString("latin1", this.#offset + at, this.#offset + at + 24);
    const seen = Buffer.from(piece.subarray(done + at, done + at + 24)).toString("latin1");
    throw new Error(
      `wrong output at byte ${this.#bytes + at}: expected ${JSON.stringify(expected)}, ` +
        `saw ${JSON.stringify(seen)}`,
    );
  }
}
