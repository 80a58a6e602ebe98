const newline = 10;
const zero = 48;
const nine = 57;

/** Lines in a block; a power of ten, so that the lines of a block differ in their last digits only. */
const blockLines = 10_000;

/**
 * The text `1\n2\n3\n…` in blocks: lines 1 to 9999, then 10 000 lines at a time. A block is made of
 * the one before by counting up the leading digits of its lines in place, which is what makes a
 * check of hundreds of megabytes a second possible.
 */
export class CountedLines {
  /** The current block. Its content changes with {@link next}. */
  block: Buffer = firstBlock();
  /** The number on the first line of the block. */
  first = 1;

  /** Goes on to the next block. */
  next(): void {
    this.first = this.first === 1 ? blockLines : this.first + blockLines;
    const width = String(this.first).length + 1;
    if (this.block.length === width * blockLines && this.first > blockLines) this.#countUp(width);
    else this.block = blockFrom(this.first);
  }

  /** How many lines end within the first `length` bytes of the block. */
  linesWithin(length: number): number {
    if (this.first > 1) return Math.floor(length / (this.block.length / blockLines));
    let lines = 0;
    for (const byte of this.block.subarray(0, length)) if (byte === newline) lines++;
    return lines;
  }

  #countUp(width: number): void {
    const { block } = this;
    let digit = width - 2 - Math.log10(blockLines); // the last of the leading digits
    while (block[digit] === nine) this.#fill(digit--, width, zero);
    this.#fill(digit, width, block[digit]! + 1);
  }

  #fill(column: number, width: number, byte: number): void {
    for (let i = column; i < this.block.length; i += width) this.block[i] = byte;
  }
}

function firstBlock(): Buffer {
  return lines(1, blockLines - 1);
}

function blockFrom(first: number): Buffer {
  return lines(first, blockLines);
}

function lines(first: number, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, i) => `${first + i}\n`).join(""));
}
