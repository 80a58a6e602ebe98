import { forwardSignals } from "@taskio/terminal";
import type { Runtime } from "../client/open-runtime.ts";
import { untilBack } from "../client/until-back.ts";
import type { Followed } from "./followed.ts";
import { tellFailure } from "./tell-failure.ts";

/** Signals that go to a process instead of to us. */
export interface SignalProxy extends Disposable {
  /** Sends what has come, and from now on what comes: the process runs. */
  begin(): void;
}

/** Takes signals to us for a process, which gets them once it runs, and its runtime is there. */
export function proxySignals(runtime: Runtime, process: Followed, left: AbortSignal): SignalProxy {
  const { promise: running, resolve } = Promise.withResolvers<void>();
  const forwarding = forwardSignals(
    async (signal) => {
      await running;
      await untilBack(runtime, () => process.kill(signal), left);
    },
    { onError: (error) => tellFailure(error, left) },
  );
  return { begin: resolve, [Symbol.dispose]: () => forwarding[Symbol.dispose]() };
}
