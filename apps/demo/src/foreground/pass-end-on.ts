import { isWired } from "@taskio/core";
import type { Runtime } from "../client/open-runtime.ts";
import { untilBack } from "../client/until-back.ts";
import type { Followed } from "./followed.ts";

/** Sees to it that a process hears of the end of its stdin, also where its runtime was away then. */
export async function passEndOn(
  runtime: Runtime,
  process: Followed,
  signal: AbortSignal,
): Promise<void> {
  const { stdin, terminal } = process.io.config;
  if (!isWired(stdin) || terminal) return; // a terminal's is typed
  try {
    const result = await process.io.stdinDone;
    if (result?.end !== "eof") return;
    await untilBack(runtime, () => process.closeIO({ signal }), signal);
  } catch {} // who waits for the process is told that its runtime is gone
}
