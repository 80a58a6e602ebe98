import { type Attach, type IO, isWired, load, newFIFOSet } from "@taskio/core";
import type { Cancellable } from "./cancellable.ts";
import { checkAttachable } from "./check-attachable.ts";
import { isHeldOpen } from "./is-held-open.ts";
import type { ProcessParts } from "./managed-process.ts";
import { removeFIFOs } from "./remove-fifos.ts";
import type { RPC } from "./rpc.ts";
import { isNotFound } from "./rpc-error.ts";
import { settlesWithin } from "./settles-within.ts";
import { getStatus, nameOf, type ProcessName } from "./tasks.ts";

/** How to take hold of a process that exists. */
export interface LoadOptions extends Cancellable {
  /**
   * Goes on with its streams: any backend's, such as `newAttach(withStdio)` of `@taskio/fifo`. Without
   * it they are left alone, and removed at `delete`.
   */
  readonly attach?: Attach;
  /**
   * Whether stdin stays open when its source is at its end, for a later attach.
   *
   * @default false
   */
  readonly keepStdinOpen?: boolean;
}

/** How long the rest of a stopped process's output may take where no end of it will come, in ms. */
const restWithoutEnd = 1000;

/** Finds a process and attaches to it. A failed attach changes nothing. */
export async function loadProcess(
  rpc: RPC,
  name: ProcessName,
  { attach, keepStdinOpen = false, signal }: LoadOptions = {},
): Promise<ProcessParts> {
  const { state, pid, config, exit } = await getStatus(rpc, name, signal);
  // Without the FIFOs in its hands a delete would leave their folder (c#2421).
  const fifos = newFIFOSet(config, () => removeFIFOs(config));
  const parts = { rpc, name, pid, made: false, started: state !== "created", keepStdinOpen };
  if (!attach) return { ...parts, io: load(fifos) };
  checkAttachable({ state, config, exit }, nameOf(name));
  const io = await attach(fifos, { signal });
  if (await hasStopped(rpc, name)) endWithoutWriter(io);
  return { ...parts, io };
}

/** Asks again: what ran before the attach may not have a writer any more (c#2150). */
async function hasStopped(rpc: RPC, name: ProcessName): Promise<boolean> {
  try {
    return (await getStatus(rpc, name)).state === "stopped";
  } catch (error) {
    return isNotFound(error);
  }
}

/** An output that was let go before we opened it never comes to its end: ends it. */
function endWithoutWriter(io: IO): void {
  const { stdout, stderr } = io.config;
  if (isHeldOpen([stdout, stderr].filter(isWired), "writing")) return;
  void settlesWithin(io.wait(), restWithoutEnd).then((ended) => ended || io.cancel());
}
