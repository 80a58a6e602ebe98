import type { LogFormat } from "../format/log-format.ts";
import { newline } from "../format/newline.ts";
import type { LogRecord } from "../log-record.ts";
import type { LogPart } from "./log-part.ts";
import { headSize } from "./sizes.ts";
import { bytesOf } from "./start-reading.ts";

/** What a part begins with. */
export class PartHead {
  readonly #bytes: Buffer;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  static async of(part: LogPart): Promise<PartHead> {
    return new PartHead(await bytesOf(part, 0, headSize));
  }

  /** Whether there is nothing yet, or the begin of what may become a record: a year or a brace. */
  get isOpen(): boolean {
    const bytes = this.#bytes;
    if (bytes.length === headSize || bytes.includes(newline)) return false;
    return bytes.length === 0 || /^[0-9{]/.test(bytes.toString("latin1", 0, 1));
  }

  /** @param mended whether a last line without its end counts, as if that were there */
  firstRecord(format: LogFormat, { mended = false } = {}): LogRecord | undefined {
    for (const line of this.#lines(mended)) {
      const record = format.decode(line);
      if (record) return record;
    }
  }

  *#lines(mended: boolean): Generator<Buffer, void, undefined> {
    let start = 0;
    for (let end; (end = this.#bytes.indexOf(newline, start) + 1) > 0; start = end) {
      yield this.#bytes.subarray(start, end);
    }
    const rest = this.#bytes.subarray(start);
    if (mended && rest.length > 0) yield Buffer.concat([rest, Buffer.from("\n")]);
  }
}
