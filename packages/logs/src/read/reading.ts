/** Where in a part the next read begins, and what was before that. */
export interface Place {
  readonly offset: number;
  /** Some bytes just before it, as they were read. */
  readonly before: Buffer;
}

/** Reads what a part has, from a place on. */
export interface Reading {
  readonly place: Place;
  /** Of all bytes before the place, where all were read. */
  readonly crc: number | undefined;
  /**
   * The next bytes, which are the caller's to keep. Where each record is a line, these are whole ones: a
   * writer may still mend the one that it ends with. But one that is longer than a block comes in pieces.
   *
   * @param limit reads no further than this offset
   * @param isFinished whether nobody writes it any more: then what follows the last newline comes too
   * @returns `end` where there are no more for now, `cut` where what was before has changed: the file
   *   was truncated, and may have grown again
   */
  next(limit?: number, isFinished?: boolean): Promise<Buffer | "end" | "cut">;
  /** Frees what it has; the part stays open. */
  close(): Promise<void>;
}
