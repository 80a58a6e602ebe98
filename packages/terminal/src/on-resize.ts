import { isGone, warn } from "./failures.ts";
import { onSignal } from "./on-signal.ts";
import { windowSize, type WindowSize } from "./window-size.ts";

/** Options of {@link onResize}. */
export interface ResizeOptions {
  /** Told of what the listener throws, but `NOT_FOUND`. Default: `process.emitWarning`. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Calls `listener` with a terminal's new size each time it has changed (SIGWINCH; SIGCONT, for what
 * changed while the process was stopped), until disposed.
 *
 * One call at a time: sizes that come while a call is under way are passed over but for the last. A
 * call that fails is made again at the next signal. One that throws a `NOT_FOUND` (the task is gone)
 * is the last.
 *
 * It is not called with the size at the start: read that with `windowSize` *after* this call, so that
 * no change falls in between.
 *
 * @param fd a terminal that stays open
 * @throws TaskIOError `INVALID_ARGUMENT` when it is no terminal, `UNSUPPORTED` off Linux
 *
 * @example
 * ```ts
 * import { isTerminal, onResize, windowSize, type WindowSize } from "@taskio/terminal";
 *
 * const resizeTask = ({ columns, rows }: WindowSize) => console.log(columns, rows);
 * if (isTerminal(1)) {
 *   using resizes = onResize(1, resizeTask);
 *   resizeTask(windowSize(1));
 * }
 * ```
 */
export function onResize(
  fd: number,
  listener: (size: WindowSize) => void | Promise<void>,
  { onError = warn }: ResizeOptions = {},
): Disposable {
  return new Resizes(fd, listener, onError);
}

class Resizes implements Disposable {
  readonly #fd: number;
  readonly #listener: (size: WindowSize) => void | Promise<void>;
  readonly #onError: (error: unknown) => void;
  readonly #signals = new DisposableStack();
  #known: WindowSize | undefined;
  #telling = false;

  constructor(
    fd: number,
    listener: (size: WindowSize) => void | Promise<void>,
    onError: (error: unknown) => void,
  ) {
    this.#fd = fd;
    this.#listener = listener;
    this.#onError = onError;
    this.#known = windowSize(fd);
    for (const signal of ["SIGWINCH", "SIGCONT"] as const) {
      this.#signals.use(onSignal(signal, () => void this.#tell()));
    }
  }

  [Symbol.dispose](): void {
    this.#signals.dispose();
  }

  async #tell(): Promise<void> {
    if (this.#telling) return; // it will look once more
    this.#telling = true;
    try {
      for (let size = this.#news(); size; size = this.#news()) {
        this.#known = size;
        await this.#listener(size);
      }
    } catch (error) {
      this.#known = undefined;
      if (isGone(error)) this[Symbol.dispose]();
      else this.#onError(error);
    } finally {
      this.#telling = false;
    }
  }

  /** The size, where it is another than the listener knows. */
  #news(): WindowSize | undefined {
    const known = this.#known;
    if (this.#signals.disposed) return undefined;
    const size = sizeOf(this.#fd);
    const same = known?.columns === size?.columns && known?.rows === size?.rows;
    return same ? undefined : size;
  }
}

/** The size of a terminal that may have hung up. */
function sizeOf(fd: number): WindowSize | undefined {
  try {
    return windowSize(fd);
  } catch {
    return undefined;
  }
}
