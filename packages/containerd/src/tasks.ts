import type { Cancellable } from "./cancellable.ts";
import { type ProcessStatus, processStatus } from "./process-status.ts";
import type { RPC } from "./rpc.ts";
import { serviceCall } from "./service-call.ts";

/** The tasks of a namespace, to look at; `createTask` and `loadTask` of the client act on one. */
export interface Tasks {
  /** @throws TaskIOError `NOT_FOUND` naming the ids and the namespace */
  get(
    containerId: string,
    options?: Cancellable & { readonly execId?: string },
  ): Promise<ProcessStatus>;
  /** The init processes; execs are not listed by containerd. */
  list(options?: Cancellable): Promise<ProcessStatus[]>;
}

/** The tasks that a server has. */
export function tasksOf(rpc: RPC): Tasks {
  return {
    get: (containerId, { execId, signal } = {}) => getStatus(rpc, { containerId, execId }, signal),
    async list({ signal } = {}) {
      const call = { doing: "list the tasks", signal };
      const { tasks } = await rpc.call(call, (o) => rpc.tasks.list({}, o));
      return tasks.map(processStatus);
    },
  };
}

/** Which process: an init process without an `execId`. */
export interface ProcessName {
  readonly containerId: string;
  readonly execId?: string | undefined;
}

/** A process in words, for messages. */
export function nameOf({ containerId, execId }: ProcessName): string {
  return execId ? `exec "${execId}" of the task "${containerId}"` : `task "${containerId}"`;
}

/** Asks for the status of one process. */
export async function getStatus(
  rpc: RPC,
  name: ProcessName,
  signal?: AbortSignal,
): Promise<ProcessStatus> {
  const call = { doing: `get the ${nameOf(name)}`, signal, sought: nameOf(name) };
  const { process } = await serviceCall(rpc, call, (o) => rpc.tasks.get(name, o));
  return { ...processStatus(process!), containerId: name.containerId };
}
