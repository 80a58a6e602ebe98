import { type Attach, type IO, load, newFIFOSet } from "@taskio/core";
import type { Cancellable } from "./cancellable.ts";
import { checkAttachable } from "./check-attachable.ts";
import { endWithoutWriter } from "./end-without-writer.ts";
import { findOutputs } from "./find-outputs.ts";
import type { ProcessParts } from "./managed-process.ts";
import { once } from "./once.ts";
import { orNone } from "./or-none.ts";
import { removeFIFOs } from "./remove-fifos.ts";
import type { RPC } from "./rpc.ts";
import { isUnavailable } from "./rpc-error.ts";
import { settlesWithin } from "./settles-within.ts";
import { getStatus, nameOf, type ProcessName } from "./tasks.ts";
import { withoutRemoved } from "./without-removed.ts";

/** How long until a server that went away is asked again, in ms. It doubles up to the longest. */
const pause = { first: 100, longest: 10_000 };

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
  const remove = () => removeFIFOs(config);
  const parts = { rpc, name, pid, made: false, started: state !== "created", keepStdinOpen };
  if (!attach) return { ...parts, io: load(newFIFOSet(config, remove)) };
  checkAttachable({ state, config, exit }, nameOf(name));
  const left = state === "stopped" ? withoutRemoved(config) : config;
  using held = new DisposableStack();
  const outputs = findOutputs(config).map((output) => held.use(output));
  const io = await attach(newFIFOSet(left, remove), { signal });
  const forget = held.move();
  void io.wait().finally(() => forget.dispose());
  const endOutputs = once(() => endWithoutWriter(io, outputs));
  try {
    if (await hasStopped(rpc, name, signal)) void endOutputs();
  } catch (error) {
    if (!isUnavailable(error)) {
      await io.detach();
      throw error;
    }
    void endOnceStopped(io, () => hasStopped(rpc, name), endOutputs);
  }
  return { ...parts, io, ...(!Bun.deepEquals(left, config) && { config }), endOutputs };
}

/** For a server that went away just after the attach, which goes on without it. */
async function endOnceStopped(
  io: IO,
  stopped: () => Promise<boolean>,
  endOutputs: () => Promise<unknown>,
): Promise<void> {
  for (let ms = pause.first; ; ms = Math.min(2 * ms, pause.longest)) {
    if (await settlesWithin(io.wait(), ms)) return;
    try {
      if (await stopped()) await endOutputs();
      return;
    } catch (error) {
      if (!isUnavailable(error)) return; // told by the next call that is made for the user
    }
  }
}

/** Asks again: what ran before the attach may not have a writer any more (c#2150). */
async function hasStopped(rpc: RPC, name: ProcessName, signal?: AbortSignal): Promise<boolean> {
  const status = await orNone(getStatus(rpc, name, signal));
  return !status || status.state === "stopped";
}
