import { TaskIOError, validateID } from "@taskio/core";
import type { Cancellable } from "./cancellable.ts";
import { containersOf } from "./containers.ts";
import { orNone } from "./or-none.ts";
import { RPC } from "./rpc.ts";
import { serviceCall } from "./service-call.ts";
import { openConnection } from "./transport.ts";

/** What keeps the containers and images of different users of a server apart. */
export interface Namespace {
  readonly name: string;
  /** `containerd.io/defaults/runtime` and `…/snapshotter` are what its containers are made with. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The namespaces of a server, whichever the client's own is. Calls throw TaskIOErrors. */
export interface Namespaces {
  /** @throws TaskIOError `NOT_FOUND` naming it */
  get(name: string, options?: Cancellable): Promise<Namespace>;
  list(options?: Cancellable): Promise<Namespace[]>;
  /**
   * Makes one; containerd also does that by itself, with what is first made in it.
   *
   * @throws TaskIOError `IN_USE` when it is there, `INVALID_ID`
   */
  create(
    name: string,
    options?: Cancellable & { readonly labels?: Readonly<Record<string, string>> },
  ): Promise<Namespace>;
  /** @throws TaskIOError `NOT_FOUND`, `IN_USE` while anything is in it */
  delete(name: string, options?: Cancellable): Promise<void>;
  /**
   * The names of those that have a container of this id: what to tell a person who looks for it in
   * another one. Asks each of them, over a connection of its own.
   */
  holding(containerId: string, options?: Cancellable): Promise<string[]>;
}

/** How a connection in another namespace is made. */
export interface NamespacesParts {
  readonly address: string;
  readonly timeout: number;
}

/** The namespaces that a server has. */
export function namespacesOf(rpc: RPC, { address, timeout }: NamespacesParts): Namespaces {
  const namespaces: Namespaces = {
    async get(name, { signal } = {}) {
      const found = (await namespaces.list({ signal })).find((one) => one.name === name);
      if (found) return found; // containerd's Get has an answer for any name
      throw new TaskIOError("NOT_FOUND", `no namespace "${name}": check the name, or create it`);
    },
    async list({ signal } = {}) {
      const call = { doing: "list the namespaces", signal };
      const { namespaces } = await serviceCall(rpc, call, async (o) =>
        (await rpc.namespaces()).list({}, o),
      );
      return namespaces.map(({ name, labels }) => ({ name, labels }));
    },
    async create(name, { labels = {}, signal } = {}) {
      validateID(name);
      const call = { doing: `create the namespace "${name}"`, signal };
      const request = { namespace: { name, labels: { ...labels } } };
      await serviceCall(rpc, call, async (o) => (await rpc.namespaces()).create(request, o));
      return { name, labels };
    },
    async delete(name, { signal } = {}) {
      const precondition = "IN_USE";
      const call = { doing: `delete the namespace "${name}"`, signal, precondition } as const;
      await serviceCall(rpc, call, async (o) => (await rpc.namespaces()).delete({ name }, o));
    },
    async holding(containerId, { signal } = {}) {
      const found: string[] = [];
      for (const { name } of await namespaces.list({ signal })) {
        if (await hasContainer(name, containerId, signal)) found.push(name);
      }
      return found;
    },
  };
  return namespaces;

  async function hasContainer(namespace: string, id: string, signal: AbortSignal | undefined) {
    const connection = await openConnection({ address, namespace, timeout, signal });
    const other = new RPC(connection, namespace);
    try {
      return Boolean(await orNone(containersOf(other).get(id, { signal })));
    } finally {
      other.close();
    }
  }
}
