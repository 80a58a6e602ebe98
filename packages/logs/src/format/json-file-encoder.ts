import { isUtf8 } from "node:buffer";
import type { LogStream } from "../log-record.ts";
import { asBuffer } from "./as-buffer.ts";
import type { ByteBuffer } from "./byte-buffer.ts";
import { formatUTC } from "./format-time.ts";
import {
  escapeJSON,
  maxEscape,
  nextSpecial,
  specialsOfBytes,
  specialsOfText,
} from "./json-escape.ts";
import type { RecordEncoder } from "./log-format.ts";
import { maxData } from "./max-data.ts";
import { newline } from "./newline.ts";
import { beforeCutCharacter } from "./utf8.ts";

const head = Buffer.from('{"log":"');
const nothing = Buffer.alloc(0);

/** Writes docker's json-file records of one stream. */
export class JSONFileEncoder implements RecordEncoder {
  readonly #stream: LogStream;
  /** The start of a character that the last chunk ended in. */
  #kept: Buffer = nothing;
  #time = NaN;
  /** What ends the records of that time: of whole lines, and of parts. */
  #full: Buffer = nothing;
  #partial: Buffer = nothing;

  constructor(stream: LogStream) {
    this.#stream = stream;
  }

  encode(chunk: Uint8Array, time: number, out: ByteBuffer): void {
    const bytes = this.#kept.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#kept, chunk]);
    const end = beforeCutCharacter(bytes, bytes.length);
    this.#kept = end === bytes.length ? nothing : Buffer.from(bytes.subarray(end));
    this.#append(this.#kept === nothing ? bytes : bytes.subarray(0, end), time, out);
  }

  end(time: number, out: ByteBuffer): void {
    this.#append(this.#kept, time, out);
    this.#kept = nothing;
  }

  #append(bytes: Buffer, time: number, out: ByteBuffer): void {
    if (time !== this.#time) this.#setTime(time);
    const specials = isUtf8(bytes) ? specialsOfText : specialsOfBytes;
    let special = -1;
    for (let start = 0; start < bytes.length;) {
      const found = bytes.indexOf(newline, start);
      const lineEnd = found === -1 ? bytes.length : found + 1;
      const cut = lineEnd - start > maxData;
      const end = cut ? beforeCutCharacter(bytes, start + maxData) : lineEnd;
      const whole = found !== -1 && !cut;
      const textEnd = whole ? found : end;
      if (special < start) special = nextSpecial(bytes, start, specials);
      const tail = whole ? this.#full : this.#partial;
      if (textEnd <= special) appendAsIs(bytes, start, textEnd, tail, out);
      else appendEscaped(bytes, start, textEnd, specials, tail, out);
      start = end;
    }
  }

  #setTime(time: number): void {
    const tail = `","stream":"${this.#stream}","time":"${formatUTC(time)}"}\n`;
    this.#full = Buffer.from(`\\n${tail}`);
    this.#partial = Buffer.from(tail);
    this.#time = time;
  }
}

function appendAsIs(
  bytes: Buffer,
  start: number,
  end: number,
  tail: Buffer,
  out: ByteBuffer,
): void {
  const memory = out.reserve(head.length + end - start + tail.length);
  const textAt = out.length + head.length;
  const tailAt = textAt + end - start;
  head.copy(memory, out.length);
  bytes.copy(memory, textAt, start, end);
  tail.copy(memory, tailAt);
  out.length = tailAt + tail.length;
}

function appendEscaped(
  bytes: Buffer,
  start: number,
  end: number,
  specials: Uint8Array,
  tail: Buffer,
  out: ByteBuffer,
): void {
  const memory = out.reserve(head.length + maxEscape * (end - start) + tail.length);
  head.copy(memory, out.length);
  const tailAt = escapeJSON(bytes, start, end, specials, memory, out.length + head.length);
  tail.copy(memory, tailAt);
  out.length = tailAt + tail.length;
}
