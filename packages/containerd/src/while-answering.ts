import type { CallOptions } from "@connectrpc/connect";
import { noAnswer } from "./no-answer.ts";

/** When to give a server up. */
export interface Patience {
  /** Asks the server for something that takes no time; settles with its answer. */
  readonly answers: (signal: AbortSignal) => Promise<unknown>;
  /** How long it may be silent, in ms. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a call that may take long, as long as the server answers others: one that hangs still takes
 * calls. HTTP/2's pings would be for that, but containerd ends a connection at the fourth one within 5
 * minutes (gRPC's `too_many_pings`).
 */
export async function whileAnswering<T>(
  run: (options: CallOptions) => Promise<T>,
  { answers, timeout, signal }: Patience,
): Promise<T> {
  const ended = new AbortController();
  let asked = false;
  const look = async () => {
    if (asked) return ended.abort(noAnswer());
    asked = true;
    await answers(ended.signal);
    asked = false;
  };
  const timer = setInterval(() => void look(), timeout);
  try {
    return await run({ signal: signal ? AbortSignal.any([signal, ended.signal]) : ended.signal });
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    clearInterval(timer);
    if (asked) ended.abort();
  }
}
