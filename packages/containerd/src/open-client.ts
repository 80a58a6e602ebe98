import type { Client } from "./client.ts";
import { containersOf } from "./containers.ts";
import { createTask } from "./create-task.ts";
import { Subscription } from "./events.ts";
import { introspectionOf } from "./introspection.ts";
import { loadProcess } from "./load-process.ts";
import { ManagedTask } from "./managed-task.ts";
import { RPC } from "./rpc.ts";
import { tasksOf } from "./tasks.ts";
import { openConnection } from "./transport.ts";

/** What a client is opened with. */
export interface ClientParts {
  readonly address: string;
  readonly namespace: string;
  readonly streamsOpened?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a client: all that needs gRPC is behind this module, which is imported when it is needed. */
export async function openClient(parts: ClientParts): Promise<Client> {
  const { address, namespace, streamsOpened, signal } = parts;
  const connection = await openConnection(address, namespace, signal);
  const rpc = new RPC(connection, namespace, streamsOpened);
  return {
    address,
    namespace,
    containers: containersOf(rpc),
    tasks: tasksOf(rpc),
    introspection: introspectionOf(rpc),
    async version({ signal } = {}) {
      const call = { doing: `ask the server at "${address}" for its version`, signal };
      const { version, revision } = await rpc.call(call, (o) => rpc.version.version({}, o));
      return { version, revision };
    },
    events: (options) => new Subscription(rpc, options),
    createTask: (containerId, options) => createTask(rpc, containerId, options),
    async loadTask(containerId, options) {
      return new ManagedTask(await loadProcess(rpc, { containerId }, options));
    },
    async [Symbol.asyncDispose]() {
      rpc.close();
    },
  };
}
