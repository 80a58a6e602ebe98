import type { Process } from "@taskio/containerd";
import { forwardSignals } from "@taskio/terminal";
import { messageOf } from "../cli/report-error.ts";
import { tell } from "../cli/print.ts";

/** Signals that go to a process instead of to us. */
export interface SignalProxy extends Disposable {
  /** Sends what has come, and from now on what comes: the process runs. */
  begin(): void;
}

/** Takes signals to us for a process, which gets them once it runs. */
export function proxySignals(process: Process): SignalProxy {
  const { promise: running, resolve } = Promise.withResolvers<void>();
  const forwarding = forwardSignals(
    async (signal) => {
      await running;
      await process.kill(signal);
    },
    { onError: (error) => tell(messageOf(error)) },
  );
  return { begin: resolve, [Symbol.dispose]: () => forwarding[Symbol.dispose]() };
}
