import type { HubLog } from "./hub-log.ts";
import type { TerminalSize } from "./terminal-size.ts";

/** What `newHub` takes. */
export interface HubOptions {
  /**
   * Where viewers come. Its folder is made with mode 0700 where it is missing.
   *
   * @default hubSocket(config)
   */
  readonly socket?: string | undefined;
  /**
   * How much of what was written before it came a viewer gets at most, of each stream, in bytes.
   *
   * @default 1 MiB
   */
  readonly replay?: number | undefined;
  /**
   * How far a viewer may fall behind before it misses something, for each stream, in bytes. The memory
   * is taken once for all viewers, while one is behind.
   *
   * @default 16 MiB
   */
  readonly viewerLimit?: number | undefined;
  /**
   * What happens when a viewer would fall behind further than that: it misses what is too much, or the
   * task waits for it, and with it all other viewers.
   *
   * @default "miss"
   */
  readonly slowViewers?: "miss" | "wait" | undefined;
  /** Gets all output before anybody sees it. It stays the caller's, who closes it after the hub. */
  readonly log?: HubLog | undefined;
  /** The viewer that has stdin changed the size of its terminal: to be told to the runtime. */
  readonly onResize?: ((size: TerminalSize) => void) | undefined;
  /** A viewer has ended stdin, and all is written to the task: the moment for `CloseIO`. Never at a terminal. */
  readonly onStdinEnd?: (() => void) | undefined;
  /** Ends the start. */
  readonly signal?: AbortSignal | undefined;
}
