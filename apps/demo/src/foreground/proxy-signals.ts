import type { Process } from "@taskio/containerd";
import { forwardSignals } from "@taskio/terminal";
import { messageOf } from "../cli/report-error.ts";
import { tell } from "../cli/print.ts";
import type { Runtime } from "../client/open-runtime.ts";
import { isSilent, isUnavailable, untilBack } from "../client/until-back.ts";

/** Signals that go to a process instead of to us. */
export interface SignalProxy extends Disposable {
  /** Sends what has come, and from now on what comes: the process runs. */
  begin(): void;
}

/** Takes signals to us for a process, which gets them once it runs, and its runtime is there. */
export function proxySignals(runtime: Runtime, process: Process, left: AbortSignal): SignalProxy {
  const { promise: running, resolve } = Promise.withResolvers<void>();
  const forwarding = forwardSignals(
    async (signal) => {
      await running;
      await untilBack(runtime, () => process.kill(signal), left);
    },
    { onError },
  );
  return { begin: resolve, [Symbol.dispose]: () => forwarding[Symbol.dispose]() };

  /** Who waits for the process tells that its runtime is gone, but goes on with one that is silent. */
  function onError(error: unknown): void {
    if (left.aborted || (isUnavailable(error) && !isSilent(error))) return;
    tell(messageOf(error));
  }
}
