import { TaskIOError, validateID } from "@taskio/core";
import { packJSON } from "./any.ts";
import { checkConfig } from "./check-config.ts";
import type { StreamsOptions } from "./create-task.ts";
import { deleteOurs } from "./delete-ours.ts";
import { ManagedProcess } from "./managed-process.ts";
import type { OCIProcess } from "./oci-spec.ts";
import type { Process } from "./process.ts";
import type { RPC } from "./rpc.ts";
import { nameOf } from "./tasks.ts";
import { typeURL } from "./type-url.ts";

/** How to run another process in a container. */
export interface ExecOptions extends StreamsOptions {
  /** What to run. Its `terminal` is as the streams have it where it isn't given. */
  readonly process: OCIProcess;
}

/** Adds a process to a task: its streams first, then the process, not started yet. */
export async function execProcess(
  rpc: RPC,
  containerId: string,
  execId: string,
  { process, creator, keepStdinOpen = false, signal }: ExecOptions,
): Promise<Process> {
  validateID(execId);
  const name = { containerId, execId };
  if (execId === containerId) throw idTaken(execId);
  const io = await creator(execId, { signal });
  try {
    checkConfig(io.config, nameOf(name), process.terminal);
    const { terminal } = io.config;
    const spec = packJSON(typeURL.process, { ...process, terminal });
    const call = { doing: `add the ${nameOf(name)}`, signal };
    await rpc.call(call, (o) => rpc.tasks.exec({ ...name, ...io.config, spec }, o));
    return new ManagedProcess({
      rpc,
      name,
      io,
      pid: 0,
      made: true,
      started: false,
      keepStdinOpen,
    });
  } catch (error) {
    if (signal?.aborted) await deleteOurs(rpc, name, io).catch(() => {});
    await io.close().catch(() => {});
    throw error;
  }
}

function idTaken(id: string): TaskIOError {
  return new TaskIOError("IN_USE", `"${id}" is the task itself: choose another id for the exec`);
}
