import { TaskIOError } from "@taskio/core";
import { isGone, warn } from "./failures.ts";
import { isIgnored, onSignal } from "./on-signal.ts";
import { type ForwardedSignal, forwardedSignals } from "./signals.ts";

/** Options of {@link forwardSignals}. */
export interface ForwardSignalsOptions {
  /** Which signals to forward. Default: all of {@link forwardedSignals}. */
  readonly signals?: readonly ForwardedSignal[];
  /** Told of what `send` throws, but `NOT_FOUND`. Default: `process.emitWarning`. */
  readonly onError?: (error: unknown, signal: ForwardedSignal) => void;
}

/**
 * Sends the signals that the process gets to a task instead, until disposed. For tasks without a
 * terminal: in raw mode `^C` is a byte of the task's stdin.
 *
 * | signals | |
 * | --- | --- |
 * | HUP INT QUIT TERM USR1 USR2 CONT ALRM VTALRM PROF IO | forwarded: somebody sent them, and meant the task |
 * | CHLD URG PIPE | never: the kernel and runtimes send them about the client's own children, sockets and pipes (containerd PR 4532, moby PR 2749) |
 * | WINCH | never: the client's terminal, see `onResize` |
 * | TSTP TTIN TTOU | never: they are to stop the client; the task goes on |
 * | XCPU XFSZ | never: the client's own limits |
 * | ILL TRAP ABRT BUS FPE SEGV SYS | never: the client's own faults |
 * | PWR | never: JavaScriptCore stops its threads with it |
 * | KILL STOP | cannot be caught; nor, in Bun, STKFLT and the real-time signals |
 *
 * A signal that the process ignores stays ignored: under `nohup`, SIGHUP reaches no task. Signals are
 * sent one after another; one that comes again while it still waits is sent once, as in the kernel.
 *
 * When `send` throws a `NOT_FOUND`, the task is gone and forwarding ends for good. Signals then do
 * again what they did before: the next SIGINT ends the client.
 *
 * @param send sends a signal, by name, such as `"SIGTERM"`
 * @throws TaskIOError `INVALID_ARGUMENT` for a signal that is not forwarded; `UNSUPPORTED` off Linux
 *
 * @example
 * ```ts
 * import { forwardSignals } from "@taskio/terminal";
 *
 * using forwarding = forwardSignals((signal) => console.log("to the task:", signal));
 * process.kill(process.pid, "SIGUSR1");
 * await Bun.sleep(10); // to the task: SIGUSR1
 * ```
 */
export function forwardSignals(
  send: (signal: ForwardedSignal) => void | Promise<void>,
  { signals = forwardedSignals, onError = warn }: ForwardSignalsOptions = {},
): Disposable {
  for (const signal of signals) checkSignal(signal);
  return new Forwarding(send, signals, onError);
}

function checkSignal(signal: ForwardedSignal): void {
  if (forwardedSignals.includes(signal)) return;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `signal ${JSON.stringify(signal)} cannot be forwarded: choose from ${forwardedSignals.join(", ")}`,
  );
}

class Forwarding implements Disposable {
  readonly #send: (signal: ForwardedSignal) => void | Promise<void>;
  readonly #onError: (error: unknown, signal: ForwardedSignal) => void;
  readonly #listeners = new DisposableStack();
  readonly #pending = new Set<ForwardedSignal>();
  #sending = false;

  constructor(
    send: (signal: ForwardedSignal) => void | Promise<void>,
    signals: readonly ForwardedSignal[],
    onError: (error: unknown, signal: ForwardedSignal) => void,
  ) {
    this.#send = send;
    this.#onError = onError;
    for (const signal of new Set(signals)) {
      if (isIgnored(signal)) continue;
      this.#listeners.use(onSignal(signal, () => void this.#received(signal)));
    }
  }

  [Symbol.dispose](): void {
    this.#listeners.dispose();
    this.#pending.clear();
  }

  async #received(signal: ForwardedSignal): Promise<void> {
    this.#pending.add(signal);
    if (this.#sending) return;
    this.#sending = true;
    for (const next of this.#pending) {
      this.#pending.delete(next); // one that comes from now on is another one
      await this.#forward(next);
    }
    this.#sending = false;
  }

  async #forward(signal: ForwardedSignal): Promise<void> {
    try {
      await this.#send(signal);
    } catch (error) {
      if (isGone(error)) this[Symbol.dispose]();
      else this.#onError(error, signal);
    }
  }
}
