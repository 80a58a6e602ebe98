import { exitCodes } from "../cli/outcome.ts";
import { tell } from "../cli/print.ts";
import { awaitExit, tellUnknown } from "../client/await-exit.ts";
import type { Runtime } from "../client/open-runtime.ts";
import type { Followed } from "./followed.ts";
import { drainOutputs } from "./drain-outputs.ts";
import { followSize } from "./follow-size.ts";
import { passEndOn } from "./pass-end-on.ts";
import { watchOutputs } from "./watch-outputs.ts";
import { proxySignals } from "./proxy-signals.ts";
import type { TaskInput } from "./task-input.ts";

/** Why a process is no longer followed, and what taskio exits with. */
export interface End {
  readonly why: "exited" | "detached" | "output-closed" | "output-failed";
  readonly exitCode: number;
}

/** How to follow. */
export interface FollowOptions {
  readonly runtime: Runtime;
  readonly input: TaskInput;
  /** Starts it, where it doesn't run yet. */
  readonly start?: () => Promise<void>;
  /** Whether signals to us are meant for it. */
  readonly sigProxy: boolean;
  /** Whether its stdin ends with ours. */
  readonly endStdin: boolean;
  /** Whether its terminal has the size of ours; so it has where that is not said. */
  readonly resizes?: boolean;
}

/**
 * Stays with a process whose streams are ours until it ends or is left, also where its runtime is
 * started anew meanwhile. Our terminal is restored.
 */
export async function follow(process: Followed, options: FollowOptions): Promise<End> {
  try {
    return await stay(process, options);
  } catch (error) {
    await process.detach().catch(() => {}); // what it writes from now on is for the next attach
    throw error;
  }
}

async function stay(process: Followed, options: FollowOptions): Promise<End> {
  const { runtime, input, start, sigProxy, endStdin, resizes = true } = options;
  const left = new AbortController();
  using held = new DisposableStack();
  held.defer(() => left.abort());
  held.defer(() => input.leave());
  if (process.io.config.terminal && resizes) {
    const redraw = start === undefined;
    const size = held.use(followSize(runtime, process, left.signal, { redraw }));
    if (start) await size.given;
  }
  const signals =
    sigProxy && !input.raw ? held.use(proxySignals(runtime, process, left.signal)) : undefined;
  await start?.();
  signals?.begin();
  const outputs = held.use(watchOutputs());
  if (endStdin) void passEndOn(runtime, process, left.signal);
  const exited = untilExit(runtime, process, left.signal);
  exited.catch(() => {}); // after a detach nobody asks
  const end = await Promise.race([
    exited,
    input.detached.then((): End => ({ why: "detached", exitCode: 0 })),
    outputs.closed.then((): End => ({ why: "output-closed", exitCode: exitCodes.outputClosed })),
    ...(process.lost ? [process.lost.then((error) => Promise.reject(error))] : []),
  ]);
  if (end.why !== "exited") await process.detach(); // before our terminal is as it was
  return end;
}

async function untilExit(runtime: Runtime, process: Followed, signal: AbortSignal): Promise<End> {
  const exit = await awaitExit(runtime, process, signal);
  const { exitCode } = exit;
  const failed = await drainOutputs(process);
  if (failed === "EPIPE") return { why: "output-closed", exitCode: exitCodes.outputClosed };
  if (failed === undefined) {
    tellUnknown(process, exit);
    return { why: "exited", exitCode };
  }
  tell(`failed to write the output of "${process.id}": ${failed}; its exit code is ${exitCode}`);
  return { why: "output-failed", exitCode: exitCodes.failed };
}
