import { newline } from "../format/newline.ts";
import type { LogPart } from "./log-part.ts";
import { blockSize, maxLine } from "./sizes.ts";

/** The lines that begin in a block of a file. */
export interface BackwardBlock {
  /** Where the block begins. */
  readonly at: number;
  /** Where the last line of the file ends: after its newline, if lines must have one. */
  readonly end: number;
  /** The newest first. */
  readonly lines: readonly BackwardLine[];
}

interface BackwardLine {
  readonly at: number;
  readonly bytes: Buffer;
}

/**
 * Reads a part backwards from the size that it had when it was opened. Of a line that is longer than a
 * record can be, the end is given.
 *
 * @param framed whether what follows the last newline is no line yet
 */
export async function* blocksBackward(
  part: LogPart,
  framed: boolean,
): AsyncGenerator<BackwardBlock, void, undefined> {
  const rest = new OpenLine(framed ? maxLine : blockSize);
  let end = framed ? undefined : part.openedSize;
  for (let at = part.openedSize; at > 0;) {
    const block = Buffer.allocUnsafeSlow(Math.min(blockSize, at));
    at -= block.length;
    if ((await part.read(block, at)) < block.length) return; // it was truncated
    const lines: BackwardLine[] = [];
    let right = block.length;
    for (let found = block.lastIndexOf(newline); found >= 0;) {
      const bytes = rest.take(block.subarray(found + 1, right));
      const isLine = end !== undefined && bytes.length > 0;
      if (isLine) lines.push({ at: at + found + 1, bytes });
      end ??= at + found + 1;
      right = found + 1;
      found = found > 0 ? block.lastIndexOf(newline, found - 1) : -1;
    }
    rest.prepend(block.subarray(0, right));
    if (end === undefined) continue;
    if (at === 0) lines.push({ at: 0, bytes: rest.take() });
    yield { at, end, lines };
  }
}

/** A line whose begin was not read yet. */
class OpenLine {
  readonly #max: number;
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  prepend(piece: Buffer): void {
    if (this.#length > this.#max) return;
    this.#pieces.unshift(piece);
    this.#length += piece.length;
  }

  take(start?: Buffer): Buffer {
    if (start) this.prepend(start);
    const bytes = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    return bytes;
  }
}
