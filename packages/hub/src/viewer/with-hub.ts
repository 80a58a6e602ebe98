import type { Opt, Streams } from "@taskio/core";
import type { OutputName } from "../output-name.ts";

/** What a viewer missed, because it took what came too slowly. */
export interface Missed {
  readonly stream: OutputName;
  readonly bytes: number;
  /** Where they would have been: after so many bytes that this viewer got of the stream. */
  readonly offset: number;
}

/** What {@link withHub} takes. */
export interface HubViewOptions {
  /**
   * The hub's socket.
   *
   * @default hubSocket(config) of the set that is attached to
   */
  readonly socket?: string | undefined;
  /** Leaves stdin to others, also where the streams have a source. */
  readonly readOnly?: boolean | undefined;
  /**
   * Leaves the task's stdin open where the source ends, for the next viewer. This one keeps it until it
   * leaves.
   *
   * @default false: the hub ends the task's stdin then, unless the task has a terminal
   */
  readonly keepStdinOpen?: boolean | undefined;
  /**
   * How much of what was written before is wanted, of each stream, in bytes.
   *
   * @default as much as the hub gives
   */
  readonly replay?: number | undefined;
  /**
   * Called once for each gap in what the viewer gets. A call may come before or after the bytes around
   * the gap do.
   */
  readonly onMissed?: ((missed: Missed) => void) | undefined;
}

const options = new WeakMap<Streams, HubViewOptions>();

/**
 * Sets what a viewer asks of its hub. For {@link newHubAttach}; other backends do not look at it.
 *
 * @example
 * ```ts
 * import { withStdio } from "@taskio/core";
 * import { newHubAttach, withHub } from "@taskio/hub";
 *
 * const attach = newHubAttach(withStdio, withHub({ readOnly: true, replay: 4096 }));
 * ```
 */
export function withHub(view: HubViewOptions): Opt {
  return (streams) => void options.set(streams, { ...options.get(streams), ...view });
}

/** What {@link withHub} has set. */
export function hubViewOptions(streams: Streams): HubViewOptions {
  return options.get(streams) ?? {};
}
