import type { Client } from "./client.ts";
import { containersOf } from "./containers.ts";
import { contentOf } from "./content.ts";
import { createContainer } from "./create-container.ts";
import { createTask } from "./create-task.ts";
import { Subscription } from "./events.ts";
import { imagesOf } from "./images.ts";
import { introspectionOf } from "./introspection.ts";
import { leasesOf } from "./leases.ts";
import { loadProcess } from "./load-process.ts";
import { ManagedTask } from "./managed-task.ts";
import { namespacesOf } from "./namespaces.ts";
import { RPC } from "./rpc.ts";
import { snapshotsOf } from "./snapshots.ts";
import { tasksOf } from "./tasks.ts";
import { openConnection } from "./transport.ts";
import { withLease } from "./with-lease.ts";

/** What a client is opened with. */
export interface ClientParts {
  readonly address: string;
  readonly namespace: string;
  /** How long the server may be silent, in ms. */
  readonly timeout: number;
  readonly streamsOpened?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a client: all that needs gRPC is behind this module, which is imported when it is needed. */
export async function openClient(parts: ClientParts): Promise<Client> {
  const { address, namespace, timeout, streamsOpened, signal } = parts;
  const connection = await openConnection({ address, namespace, timeout, signal });
  const rpc = new RPC(connection, namespace, streamsOpened);
  return {
    address,
    namespace,
    containers: containersOf(rpc),
    tasks: tasksOf(rpc),
    images: imagesOf(rpc),
    content: contentOf(rpc),
    leases: leasesOf(rpc),
    namespaces: namespacesOf(rpc, { address, timeout }),
    introspection: introspectionOf(rpc),
    snapshots: (name) => snapshotsOf(rpc, name),
    async version({ signal } = {}) {
      const call = { doing: `ask the server at "${address}" for its version`, signal };
      const { version, revision } = await rpc.call(call, (o) => rpc.version.version({}, o));
      return { version, revision };
    },
    events: (options) => new Subscription(rpc, options),
    createContainer: (options) => createContainer(rpc, options),
    withLease: (run, options) => withLease(rpc, run, options),
    createTask: (containerId, options) => createTask(rpc, containerId, options),
    async loadTask(containerId, options) {
      return new ManagedTask(await loadProcess(rpc, { containerId }, options));
    },
    async [Symbol.asyncDispose]() {
      rpc.close();
    },
  };
}
