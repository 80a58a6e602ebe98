import { type Attach, type Config, isWired, load, newFIFOSet } from "@taskio/core";
import { fifoHolders } from "@taskio/fifo/holders";
import type { Cancellable } from "./cancellable.ts";
import { checkAttachable } from "./check-attachable.ts";
import { endWithoutWriter } from "./end-without-writer.ts";
import type { ProcessParts } from "./managed-process.ts";
import { removeFIFOs } from "./remove-fifos.ts";
import type { RPC } from "./rpc.ts";
import { isNotFound } from "./rpc-error.ts";
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
  const endless = parts.started && lacksWriter(io.config);
  if (await hasStopped(rpc, name)) void endWithoutWriter(io);
  return { ...parts, io, endless };
}

/** Asks again: what ran before the attach may not have a writer any more (c#2150). */
async function hasStopped(rpc: RPC, name: ProcessName): Promise<boolean> {
  try {
    return (await getStatus(rpc, name)).state === "stopped";
  } catch (error) {
    return isNotFound(error);
  }
}

/**
 * Whether a FIFO has no writer: the runtime opens it once, at the start, so that there will be none.
 * Where not all processes can be seen it is taken to have one.
 */
function lacksWriter({ stdout, stderr }: Config): boolean {
  const { holders, incomplete } = fifoHolders([stdout, stderr].filter(isWired));
  return !incomplete && [...holders.values()].some((its) => !its.some(({ writes }) => writes));
}
