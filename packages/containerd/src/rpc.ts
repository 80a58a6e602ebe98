import { type CallOptions, type Client, createClient, type Transport } from "@connectrpc/connect";
import { TaskIOError, type TaskIOErrorCode } from "@taskio/core";
import { Containers } from "./gen/containerd/services/containers/v1/containers_pb.ts";
import { Events } from "./gen/containerd/services/events/v1/events_pb.ts";
import { Introspection } from "./gen/containerd/services/introspection/v1/introspection_pb.ts";
import { Tasks } from "./gen/containerd/services/tasks/v1/tasks_pb.ts";
import { Version } from "./gen/containerd/services/version/v1/version_pb.ts";
import { rpcError } from "./rpc-error.ts";

/** What a call may say about itself. */
export interface Call {
  /** What the call is for, such as `start the task "web"`: starts the message of an error. */
  readonly doing: string;
  readonly signal?: AbortSignal | undefined;
  /** The code for a state that does not allow it. */
  readonly precondition?: TaskIOErrorCode | undefined;
}

/** A connection to a server, made anew by itself where it broke. */
export interface Connection {
  readonly transport: Transport;
  close(): void;
}

/** The services of one server, in one namespace. */
export class RPC {
  readonly namespace: string;
  readonly tasks: Client<typeof Tasks>;
  readonly containers: Client<typeof Containers>;
  readonly events: Client<typeof Events>;
  readonly introspection: Client<typeof Introspection>;
  readonly version: Client<typeof Version>;
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
    this.introspection = createClient(Introspection, transport);
    this.version = createClient(Version, transport);
  }

  /** Makes one call, its errors as TaskIOErrors. An abort rejects with the signal's reason. */
  async call<T>(call: Call, run: (options: CallOptions) => Promise<T>): Promise<T> {
    const { signal, doing, precondition } = call;
    signal?.throwIfAborted();
    if (this.#closed) throw closed(doing);
    try {
      return await run(signal ? { signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#closed ? closed(doing, error) : rpcError(error, doing, precondition);
    }
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
