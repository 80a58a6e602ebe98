import { once } from "node:events";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { LogPart } from "./log-part.ts";
import type { Place, Reading } from "./reading.ts";
import { blockSize } from "./sizes.ts";

/**
 * Of a compressed part; offsets are those of what it has. Damaged data ends it, as a torn record ends a
 * file: what comes before that is given.
 */
export class GzipReading implements Reading {
  readonly crc = undefined;
  readonly #chunks: AsyncGenerator<Buffer, void, undefined>;
  /** Of what was decompressed, but not given yet. */
  #rest: Buffer = Buffer.alloc(0);
  #restAt = 0;
  #offset: number;

  constructor(part: LogPart, offset: number) {
    this.#chunks = gunzip(part);
    this.#offset = offset;
  }

  get place(): Place {
    return { offset: this.#offset, before: Buffer.alloc(0) };
  }

  async next(limit = Infinity): Promise<Buffer | "end"> {
    if (this.#offset >= limit) return "end";
    while (this.#restAt + this.#rest.length <= this.#offset) {
      this.#restAt += this.#rest.length;
      const { value } = await this.#chunks.next();
      this.#rest = value ?? Buffer.alloc(0);
      if (!value) return "end";
    }
    const chunk = this.#rest.subarray(this.#offset - this.#restAt, limit - this.#restAt);
    this.#offset += chunk.length;
    return chunk;
  }

  async close(): Promise<void> {
    await this.#chunks.return();
  }
}

async function* gunzip(part: LogPart): AsyncGenerator<Buffer, void, undefined> {
  const source = Readable.from(blocksOf(part));
  const output = createGunzip({ chunkSize: blockSize });
  let failure: unknown;
  source.on("error", (error) => (failure = error));
  pipeline(source, output, () => {});
  try {
    for await (const chunk of output) yield chunk;
  } catch {
    if (failure) throw failure;
  } finally {
    output.destroy();
    source.destroy();
    // A read may be under way: its fd must stay open until then.
    if (!source.closed) await once(source, "close");
  }
}

async function* blocksOf(part: LogPart): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; ;) {
    const block = Buffer.allocUnsafeSlow(blockSize);
    const bytes = await part.read(block, at);
    if (bytes === 0) return;
    at += bytes;
    yield block.subarray(0, bytes);
  }
}
