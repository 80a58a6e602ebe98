import { ByteBuffer } from "../format/byte-buffer.ts";
import type { LogFormat } from "../format/log-format.ts";
import { newline } from "../format/newline.ts";
import type { LogRecord } from "../log-record.ts";
import { blockSize, maxLine } from "./sizes.ts";

/** Takes a record, and the offset in its part at which its line starts. */
export type RecordSink = (record: LogRecord, at: number) => void;

/**
 * Makes records of a log's bytes, block by block. What is no record is skipped: garbage, torn ones,
 * lines of more than {@link maxLine}.
 */
export class RecordSplitter {
  readonly #format: LogFormat;
  readonly #sink: RecordSink;
  /** The start of a line whose end is not there yet. */
  #open = new ByteBuffer();
  #openAt = 0;
  #skipping = false;
  /** What the part before ended with, without a newline. */
  #torn: Buffer | undefined;

  constructor(format: LogFormat, sink: RecordSink) {
    this.#format = format;
    this.#sink = sink;
  }

  /** @param at the offset of the block in its part */
  push(block: Buffer, at: number): void {
    let start = 0;
    for (let end; (end = block.indexOf(newline, start) + 1) > 0; start = end) {
      const line = block.subarray(start, end);
      if (this.#skipping) this.#skipping = false;
      else if (this.#open.length === 0) this.#line(line, at + start);
      else this.#closeLine(line);
    }
    if (start < block.length) this.#keep(block.subarray(start), at + start);
  }

  /** Gives what may be given without the end of its line. */
  flush(): void {
    if (this.#format.framed || this.#open.length === 0) return;
    this.#line(this.#takeOpen(), this.#openAt);
  }

  /** The next block is another part's. Where the file was cut within a record, that is whole again. */
  nextPart(): void {
    this.flush();
    this.#torn = this.#open.length > 0 ? this.#takeOpen() : undefined;
    this.#skipping = false;
  }

  /** The next block has nothing to do with what came before. */
  reset(): void {
    this.nextPart();
    this.#torn = undefined;
  }

  #line(line: Buffer, at: number): void {
    const record = this.#format.decode(line) ?? this.#mended(line);
    this.#torn = undefined;
    if (record) this.#sink(record, at);
  }

  #mended(line: Buffer): LogRecord | undefined {
    return this.#torn && this.#format.decode(Buffer.concat([this.#torn, line]));
  }

  #closeLine(end: Buffer): void {
    this.#open.append(end);
    this.#line(this.#takeOpen(), this.#openAt);
  }

  #keep(start: Buffer, at: number): void {
    if (this.#skipping) return;
    if (this.#open.length === 0) this.#openAt = at;
    this.#open.append(start);
    if (!this.#format.framed && this.#open.length >= blockSize) this.flush();
    if (this.#open.length <= maxLine) return;
    this.#skipping = true;
    this.#takeOpen();
  }

  #takeOpen(): Buffer {
    const bytes = Buffer.from(this.#open.bytes);
    if (bytes.length > blockSize)
      this.#open = new ByteBuffer(); // its memory would stay
    else this.#open.clear();
    return bytes;
  }
}
