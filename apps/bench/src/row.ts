import type { Bench } from "./bench.ts";
import type { Figure } from "./figure.ts";
import type { PeerName } from "./peers/peer.ts";

/** Goes through a row once, and gives a number for each of its figures. */
export type Measure = () => Promise<readonly number[]>;

/** Who is measured: a side that is not there has no figures. */
export type Sides = Readonly<Partial<Record<PeerName, Measure>>>;

/** Something to measure, on all sides alike. */
export interface Row {
  readonly figures: readonly Figure[];
  /** Whether it needs a containerd, which needs root. */
  readonly needsContainerd?: boolean;
  /** What is measured, ready to go. Called once, before the first round. */
  sides(bench: Bench): Sides | Promise<Sides>;
}
