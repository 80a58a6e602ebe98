import type { DescService } from "@bufbuild/protobuf";
import { type CallOptions, type Client, createClient, type Transport } from "@connectrpc/connect";
import { TaskIOError, type TaskIOErrorCode } from "@taskio/core";
import { Containers } from "./gen/containerd/services/containers/v1/containers_pb.ts";
import { Events } from "./gen/containerd/services/events/v1/events_pb.ts";
import { Tasks } from "./gen/containerd/services/tasks/v1/tasks_pb.ts";
import { Version } from "./gen/containerd/services/version/v1/version_pb.ts";
import { leaseTransport } from "./lease-transport.ts";
import { once } from "./once.ts";
import { rpcError } from "./rpc-error.ts";
import { whileAnswering } from "./while-answering.ts";

/** What a call may say about itself. */
export interface Call {
  /** What the call is for, such as `start the task "web"`: starts the message of an error. */
  readonly doing: string;
  readonly signal?: AbortSignal | undefined;
  /** The code for a state that does not allow it. */
  readonly precondition?: TaskIOErrorCode | undefined;
  /** Whether it is answered when something happens: then a server that is silent is none that hangs. */
  readonly unbounded?: boolean | undefined;
}

/** A connection to a server, made anew by itself where it broke. */
export interface Connection {
  /** The server's socket. */
  readonly address: string;
  /** How long the server may be silent, in ms. */
  readonly timeout: number;
  readonly transport: Transport;
  close(): void;
}

/** The services of one server, in one namespace. */
export class RPC {
  readonly namespace: string;
  readonly tasks: Client<typeof Tasks>;
  readonly containers: Client<typeof Containers>;
  readonly events: Client<typeof Events>;
  readonly version: Client<typeof Version>;
  // The others are loaded when they are first called: most programs need few of them.
  readonly content = this.#service(
    async () => (await import("./gen/containerd/services/content/v1/content_pb.ts")).Content,
  );
  readonly images = this.#service(
    async () => (await import("./gen/containerd/services/images/v1/images_pb.ts")).Images,
  );
  readonly introspection = this.#service(
    async () =>
      (await import("./gen/containerd/services/introspection/v1/introspection_pb.ts"))
        .Introspection,
  );
  readonly leases = this.#service(
    async () => (await import("./gen/containerd/services/leases/v1/leases_pb.ts")).Leases,
  );
  readonly namespaces = this.#service(
    async () =>
      (await import("./gen/containerd/services/namespaces/v1/namespace_pb.ts")).Namespaces,
  );
  readonly snapshots = this.#service(
    async () => (await import("./gen/containerd/services/snapshots/v1/snapshots_pb.ts")).Snapshots,
  );
  /** Called when the runtime has just opened the streams of a process. */
  readonly streamsOpened: () => void;
  readonly #connection: Connection;
  #closed = false;

  constructor(connection: Connection, namespace: string, streamsOpened: () => void = () => {}) {
    const { transport } = connection;
    this.#connection = connection;
    this.namespace = namespace;
    this.streamsOpened = streamsOpened;
    this.tasks = createClient(Tasks, transport);
    this.containers = createClient(Containers, transport);
    this.events = createClient(Events, transport);
    this.version = createClient(Version, transport);
  }

  /** The server's socket. */
  get address(): string {
    return this.#connection.address;
  }

  /** A service whose descriptor, which takes a while to be read, is imported when it is needed. */
  #service<T extends DescService>(load: () => Promise<T>): () => Promise<Client<T>> {
    return once(async () => createClient(await load(), this.#connection.transport));
  }

  /** Makes one call, its errors as TaskIOErrors. An abort rejects with the signal's reason. */
  async call<T>(call: Call, run: (options: CallOptions) => Promise<T>): Promise<T> {
    const { signal, doing, precondition, unbounded } = call;
    signal?.throwIfAborted();
    if (this.#closed) throw closed(doing);
    const { address, timeout } = this.#connection;
    try {
      if (unbounded) return await run(signal ? { signal } : {});
      return await whileAnswering(run, {
        answers: (signal) => this.#answers(signal),
        timeout,
        signal,
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#closed ? closed(doing, error) : rpcError(error, doing, { address, precondition });
    }
  }

  /** Asks the server for anything; settles when it has said anything, a refusal too. */
  async #answers(signal: AbortSignal): Promise<void> {
    await this.version.version({}, { signal }).catch(() => {});
  }

  /** The same services under a lease; calls are refused with the signal's reason when that is over. */
  underLease(lease: string, over: AbortSignal): RPC {
    const refuse = () => {
      over.throwIfAborted();
      if (this.#closed) throw closed(`work under the lease "${lease}"`);
    };
    const transport = leaseTransport(this.#connection.transport, lease, refuse);
    return new RPC(
      { ...this.#connection, transport, close: () => {} },
      this.namespace,
      this.streamsOpened,
    );
  }

  /** Ends all calls under way; later ones are refused. */
  close(): void {
    this.#closed = true;
    this.#connection.close();
  }
}

function closed(doing: string, cause?: unknown): TaskIOError {
  return new TaskIOError("CLOSED", `failed to ${doing}: the client is closed, connect again`, {
    ...(cause !== undefined && { cause }),
  });
}
