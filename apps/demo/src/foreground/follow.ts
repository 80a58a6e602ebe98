import type { Process } from "@taskio/containerd";
import { exitCodes } from "../cli/outcome.ts";
import { tell } from "../cli/print.ts";
import { drainOutputs } from "./drain-outputs.ts";
import { followSize } from "./follow-size.ts";
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
  readonly input: TaskInput;
  /** Whether it is started first. */
  readonly start: boolean;
  /** Whether signals to us are meant for it. */
  readonly sigProxy: boolean;
}

/** Stays with a process whose streams are ours until it ends or is left. Our terminal is restored. */
export async function follow(process: Process, options: FollowOptions): Promise<End> {
  const { input, start, sigProxy } = options;
  using held = new DisposableStack();
  held.defer(() => input.leave());
  if (process.io.config.terminal) held.use(await followSize(process, { redraw: !start }));
  const signals = sigProxy && !input.raw ? held.use(proxySignals(process)) : undefined;
  if (start) await process.start();
  signals?.begin();
  const outputs = held.use(watchOutputs());
  const exited = untilExit(process);
  exited.catch(() => {}); // after a detach nobody asks
  const end = await Promise.race([
    exited,
    input.detached.then((): End => ({ why: "detached", exitCode: 0 })),
    outputs.closed.then((): End => ({ why: "output-closed", exitCode: exitCodes.outputClosed })),
  ]);
  if (end.why !== "exited") await process.detach(); // before our terminal is as it was
  return end;
}

async function untilExit(process: Process): Promise<End> {
  const { exitCode } = await process.wait();
  const failed = await drainOutputs(process);
  if (failed === "EPIPE") return { why: "output-closed", exitCode: exitCodes.outputClosed };
  if (failed === undefined) return { why: "exited", exitCode };
  tell(`failed to write the output of "${process.id}": ${failed}; its exit code is ${exitCode}`);
  return { why: "output-failed", exitCode: exitCodes.failed };
}
