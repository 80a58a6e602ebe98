import { crc32 } from "node:zlib";
import { newline } from "../format/newline.ts";
import type { LogPart } from "./log-part.ts";
import type { Place, Reading } from "./reading.ts";
import { blockSize, rememberedSize } from "./sizes.ts";

/** Of a file that may grow, and may be truncated at any moment. */
export class PlainReading implements Reading {
  readonly #part: LogPart;
  /** Whether each record is a line. */
  readonly #framed: boolean;
  #place: Place;
  /** When the file was last written, as far as it was read. */
  #modified = -1n;

  #crc: number | undefined;

  constructor(part: LogPart, place: Place, framed: boolean) {
    this.#part = part;
    this.#framed = framed;
    this.#place = place;
    if (place.offset === 0) this.#crc = 0;
  }

  get place(): Place {
    return this.#place;
  }

  get crc(): number | undefined {
    return this.#crc;
  }

  async next(limit = Infinity, isFinished = false): Promise<Buffer | "end" | "cut"> {
    const { offset, before } = this.#place;
    const { size, modified } = this.#part.state;
    if (size < offset) return "cut";
    const wanted = Math.max(0, Math.min(size, limit, offset + blockSize) - offset);
    if (wanted === 0 && modified === this.#modified) return "end";
    // One read takes both: a file that was truncated and has grown again has other bytes there.
    const bytes = Buffer.allocUnsafeSlow(before.length + wanted);
    const got = await this.#part.read(bytes, offset - before.length);
    if (got < before.length || !bytes.subarray(0, before.length).equals(before)) return "cut";
    const read = bytes.subarray(before.length, got);
    const chunk = this.#framed && !isFinished ? wholeLines(read) : read;
    if (chunk.length === 0) {
      this.#modified = modified;
      return "end";
    }
    if (this.#crc !== undefined) this.#crc = crc32(chunk, this.#crc);
    const end = before.length + chunk.length;
    const remembered = Buffer.from(bytes.subarray(Math.max(0, end - rememberedSize), end));
    this.#place = { offset: offset + chunk.length, before: remembered };
    return chunk;
  }

  async close(): Promise<void> {}
}

function wholeLines(block: Buffer): Buffer {
  const end = block.lastIndexOf(newline) + 1;
  return end === 0 && block.length === blockSize ? block : block.subarray(0, end);
}
