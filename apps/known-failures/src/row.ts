import type { World } from "./world.ts";

/** A failure that users of containerd's clients report, and what has to be so instead. */
export interface Row {
  /** Its number in the list of known failures, which the README shows. */
  readonly number: number;
  /** Where it was reported: `c#` is containerd/containerd, `n#` nerdctl, `m#` moby, `f#` fifo. */
  readonly issues: readonly string[];
  /** What goes wrong, in a few words. */
  readonly failure: string;
  /**
   * Goes through it with taskio, and gives what was seen in a few words.
   *
   * @throws where taskio is not immune
   */
  taskio(world: World): Promise<string>;
  /** The same with `ctr`, where it can be driven through it. */
  ctr?(world: World): Promise<Outcome>;
}

/** How it went. */
export interface Outcome {
  /** Whether the failure did not show. */
  readonly immune: boolean;
  /** In a few words, with figures. */
  readonly seen: string;
}
