/** Chunks from this size on are kept as they are; smaller ones are gathered, for each costs some 100 bytes. */
const large = 16_384;
/** What small ones are gathered in. */
const pageSize = 65_536;

/** Bytes of a stream that follow one another. */
interface Block {
  /** The offset of the first one. */
  readonly start: number;
  bytes: Uint8Array;
  /** A page may have others. */
  readonly isChunk: boolean;
}

/** The last bytes of a stream, which all its viewers share: nothing is kept for each. */
export class History {
  readonly #forgotten: (bytes: Uint8Array) => void;
  readonly #blocks: Block[] = [];
  #page = new Uint8Array(0);
  #used = 0;
  #start = 0;
  #end = 0;

  /** @param forgotten told of chunks that are kept no more */
  constructor(forgotten: (bytes: Uint8Array) => void = () => {}) {
    this.#forgotten = forgotten;
  }

  /** The offset of the oldest byte that is kept. */
  get start(): number {
    return this.#start;
  }

  /** The offset after the newest byte. */
  get end(): number {
    return this.#end;
  }

  /** Keeps a chunk, by reference if it is large. */
  append(chunk: Uint8Array): void {
    if (chunk.length >= large) this.#blocks.push({ start: this.#end, bytes: chunk, isChunk: true });
    else if (chunk.length > 0) this.#gather(chunk);
    this.#end += chunk.length;
  }

  /** What is kept from an offset on, as far as it is in one piece. The offset is kept, and not the end. */
  at(offset: number): Uint8Array {
    const block = this.#blocks.findLast(({ start }) => start <= offset)!; // most ask for the last one
    return offset === block.start ? block.bytes : block.bytes.subarray(offset - block.start);
  }

  /** Forgets what is before an offset. */
  trim(offset: number): void {
    if (offset <= this.#start) return;
    this.#start = offset;
    while (this.#blocks[0] && endOf(this.#blocks[0]) <= offset) {
      const { bytes, isChunk } = this.#blocks.shift()!;
      if (isChunk) this.#forgotten(bytes);
    }
  }

  #gather(chunk: Uint8Array): void {
    if (this.#page.length - this.#used < chunk.length) {
      this.#page = new Uint8Array(pageSize);
      this.#used = 0;
    }
    this.#page.set(chunk, this.#used);
    const last = this.#blocks.at(-1);
    const isLast = last?.bytes.buffer === this.#page.buffer;
    const from = isLast ? last.bytes.byteOffset : this.#used;
    this.#used += chunk.length;
    const bytes = this.#page.subarray(from, this.#used);
    if (isLast) last.bytes = bytes;
    else this.#blocks.push({ start: this.#end, bytes, isChunk: false });
  }
}

function endOf({ start, bytes }: Block): number {
  return start + bytes.length;
}
