import type { IO, IOResult } from "@taskio/core";
import type { Cancellable } from "./cancellable.ts";
import type { ExitStatus } from "./exit-status.ts";
import type { ProcessStatus } from "./process-status.ts";

/** How long the outputs of a process may take to their end once it has ended. */
export interface DrainOptions extends Cancellable {
  /**
   * In ms since the exit was seen; `Infinity` for as long as it takes.
   *
   * @default 10000 for a task, 2000 for an exec, whose children may go on with its outputs
   */
  readonly grace?: number;
}

/** How to delete a process. */
export interface DeleteOptions extends DrainOptions {
  /**
   * Kills it first where it has not ended; without it that is refused.
   *
   * @default false
   */
  readonly kill?: boolean;
}

/** What became of a process that was deleted, and of its streams. */
export interface DeleteResult extends ExitStatus {
  /**
   * Whether the outputs came to their end; if not, what was written after the grace is lost, or what
   * was in an output that somebody had removed before it was attached to.
   */
  readonly drained: boolean;
  readonly io: IOResult;
}

/** A terminal's size in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * A process in a container: its task, or an exec. The calls go to the runtime in the one order that
 * loses and leaks nothing, whatever the order here. Calls throw TaskIOErrors.
 *
 * Disposing what was made with this client kills and deletes it, unless it was detached or deleted;
 * disposing what was loaded only detaches.
 */
export interface Process extends AsyncDisposable {
  readonly containerId: string;
  /** The container's id for a task, else the exec's id. */
  readonly id: string;
  /** 0 for an exec that was not started. */
  readonly pid: number;
  /** The streams; of a process loaded without `attach` there are none to copy. */
  readonly io: IO;

  /**
   * Starts it. Where that fails, its streams are closed and it is deleted, so that nothing stays; but
   * after `UNAVAILABLE`, which says nothing about the process, all is left as it is, and a call may be
   * made again: it starts what was not started.
   *
   * @throws TaskIOError `INVALID_ARGUMENT` when it was started before, `ENGINE_FAILED` in the
   * runtime's words (a command that is not there), …
   */
  start(options?: Cancellable): Promise<void>;
  /**
   * Waits for its end; outputs may have more to come then, see {@link Process.drain}.
   *
   * @throws TaskIOError `NOT_FOUND` when it was deleted meanwhile
   */
  wait(options?: Cancellable): Promise<ExitStatus>;
  /**
   * Sends a signal, by name or number.
   *
   * @param options.all to every process of the container
   * @throws TaskIOError `NOT_FOUND` when it has ended, `INVALID_ARGUMENT`
   */
  kill(
    signal: NodeJS.Signals | number,
    options?: Cancellable & { readonly all?: boolean },
  ): Promise<void>;
  /** Sets the terminal's size; also before the start. Without a terminal nothing happens. */
  resize(size: TerminalSize, options?: Cancellable): Promise<void>;
  /**
   * Ends stdin once what was sent has been read, and a source that is still copied is at its end; an
   * exec's when it is started. Done by itself when the source is at its end.
   *
   * @throws TaskIOError `INVALID_ARGUMENT` with a terminal, which would be hung up (c#4107): send ^D
   */
  closeIO(options?: Cancellable): Promise<void>;
  /** @throws TaskIOError `NOT_FOUND` */
  status(options?: Cancellable): Promise<ProcessStatus>;
  /**
   * Waits for the exit, then for the end of the outputs, but not longer than the grace: a process
   * that was left behind may keep them open (c#7802).
   *
   * @returns whether the outputs came to their end
   */
  drain(options?: DrainOptions): Promise<boolean>;
  /**
   * Leaves it as it is: stops copying at a chunk boundary. A later attach goes on there, and this
   * client can still wait, kill or delete.
   */
  detach(): Promise<IOResult>;
  /**
   * Drains the outputs, deletes it and removes its FIFOs. Copying goes on until the runtime has let
   * go of the streams. What is left then is thrown away where nobody reads it. Where somebody does, or
   * not all processes can be seen, its FIFO is made to hold it; where that is refused, the runtime
   * waits for a reader (runc's shim 2 s, or 10 s).
   *
   * @throws TaskIOError `IN_USE` when it has not ended, see `kill`; `NOT_FOUND`
   */
  delete(options?: DeleteOptions): Promise<DeleteResult>;
}
