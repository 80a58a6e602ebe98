import type { Figure } from "./figure.ts";
import type { PeerName } from "./peers/peer.ts";
import { median } from "./statistics.ts";

/** What a figure came to. */
export interface Result {
  readonly figure: Figure;
  readonly rounds: number;
  /** A number for each round; none where a side is not there, or failed. */
  readonly values: Readonly<Record<PeerName, readonly number[]>>;
}

/** The median of a side, or null. */
export function valueOf({ values }: Result, side: PeerName): number | null {
  return values[side].length > 0 ? median(values[side]) : null;
}

/** Ours to theirs, or null; also where theirs is nothing. */
export function ratioTo(result: Result, side: PeerName): number | null {
  const [ours, theirs] = [valueOf(result, "ours"), valueOf(result, side)];
  return ours === null || !theirs ? null : ours / theirs;
}
