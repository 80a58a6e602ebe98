import type { Config, IOResult } from "@taskio/core";
import type { OutputHub } from "./output-hub.ts";

/** The one client of a task's FIFOs, and the one that its viewers talk to. */
export interface Hub extends OutputHub {
  /** The task's. */
  readonly config: Config;
  /**
   * Leaves the task: what was not read stays in its FIFOs, for the next hub or attach, and no path is
   * removed, by a later `close()` neither. Viewers get what was read, and the task what they have typed, as far
   * as they take it within a second; the viewers see that the hub went away.
   */
  detach(): Promise<IOResult>;
}
