/** What a row measures: one number for each side, in one round. */
export interface Figure {
  readonly name: string;
  readonly unit: "MB/s" | "µs" | "ms" | "s" | "KiB" | "threads" | "%" | "s/GB" | "×";
  /** Which way is better: ratios are ours to theirs either way. */
  readonly better: "more" | "less";
}
