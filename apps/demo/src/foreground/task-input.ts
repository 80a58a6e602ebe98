import { type Source, TaskIOError } from "@taskio/core";
import {
  defaultDetachKeys,
  isTerminal,
  type RawMode,
  rawMode,
  ttySource,
  withDetachKeys,
} from "@taskio/terminal";

/** What is asked for. */
export interface TaskInputOptions {
  readonly interactive: boolean;
  /** Whether the task has a terminal. */
  readonly terminal: boolean;
  /** Undefined for the default, `""` for none. */
  readonly detachKeys?: string | undefined;
}

/** What our stdin is for a task. */
export class TaskInput implements Disposable {
  /** Undefined where the task gets nothing from here. */
  readonly source: Source | undefined;
  /** Whether our terminal is the task's: keys go to it as they are typed. */
  readonly raw: boolean;
  /** Resolves when the detach keys came. */
  readonly detached: Promise<void>;
  readonly #held = new DisposableStack();
  #rawMode: RawMode | undefined;

  /** @throws TaskIOError `INVALID_ARGUMENT` when a task with a terminal would get a file or a pipe */
  constructor({ interactive, terminal, detachKeys = defaultDetachKeys }: TaskInputOptions) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.detached = promise;
    const typed = interactive && isTerminal(0);
    this.raw = typed && terminal;
    if (interactive && terminal && !typed) throw notATerminal();
    if (this.raw) this.source = this.#held.use(withDetachKeys(0, detachKeys, resolve));
    else if (typed) this.source = this.#held.use(ttySource(0));
    else this.source = interactive ? 0 : undefined;
  }

  /** Gives our terminal to the task: before its streams, so that none of its output is changed. */
  enter(): void {
    if (this.raw) this.#rawMode ??= rawMode(0);
  }

  /** Takes it back. */
  leave(): void {
    this.#rawMode?.restore();
  }

  [Symbol.dispose](): void {
    this.leave();
    this.#held.dispose();
  }
}

function notATerminal(): TaskIOError {
  return new TaskIOError(
    "INVALID_ARGUMENT",
    "the input device is not a TTY: a task with a terminal takes no other stdin, " +
      "leave it out (run without -i, attach with --no-stdin)",
  );
}
