import type { Attach, FIFOSet, IO } from "@taskio/core";
import type { TerminalSize } from "../terminal-size.ts";

/** A viewer's {@link IO}. */
export interface HubIO extends IO {
  /**
   * Tells the hub the size of the viewer's terminal, for the task's. Nothing happens for a viewer that
   * has no stdin, or has left.
   */
  resize(size: TerminalSize): void;
  /**
   * How many bytes of the task's output have come to this viewer, and its sinks have not taken them yet: 0
   * where the viewer waits for the task, and not the other way round.
   */
  readonly unread: number;
}

/** An {@link Attach} whose IO is a {@link HubIO}. */
export type HubAttach = (fifos: FIFOSet, options?: Parameters<Attach>[1]) => Promise<HubIO>;
