import { type Any, timestampDate } from "@bufbuild/protobuf/wkt";
import { TaskIOError, validateID } from "@taskio/core";
import { packJSON, unpackJSON } from "./any.ts";
import type { Cancellable } from "./cancellable.ts";
import type * as message from "./gen/containerd/services/containers/v1/containers_pb.ts";
import type { OCISpec } from "./oci-spec.ts";
import { orNone } from "./or-none.ts";
import type { RPC } from "./rpc.ts";
import { serviceCall } from "./service-call.ts";
import { snapshotsOf } from "./snapshots.ts";
import { getStatus } from "./tasks.ts";
import { typeURL } from "./type-url.ts";

/** What a container is to be; while it runs it has a task. */
export interface Container {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  /** Such as `io.containerd.runc.v2`. */
  readonly runtime: string;
  /** The OCI spec, undefined where there is none as JSON. */
  readonly spec: OCISpec | undefined;
  readonly snapshotter: string;
  readonly snapshotKey: string;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
}

/** A container to be made as it is; `createContainer` of the client makes all that it needs. */
export interface NewContainer {
  /** A containerd identifier. */
  readonly id: string;
  readonly spec: OCISpec;
  /** @default "io.containerd.runc.v2" */
  readonly runtime?: string;
  /** What the runtime takes, such as `packAny(OptionsSchema, { binaryName: "crun" })` for runc's shim. */
  readonly runtimeOptions?: Any;
  readonly labels?: Readonly<Record<string, string>>;
  readonly image?: string;
  readonly snapshotter?: string;
  readonly snapshotKey?: string;
}

/** How to delete a container. */
export interface DeleteContainerOptions extends Cancellable {
  /**
   * Whether its snapshot goes with it: what was written in it is lost. Go: `WithSnapshotCleanup`.
   *
   * @default false
   */
  readonly snapshot?: boolean;
}

/** The containers of a namespace. Calls throw TaskIOErrors. */
export interface Containers {
  /** @throws TaskIOError `NOT_FOUND` naming the id and the namespace */
  get(id: string, options?: Cancellable): Promise<Container>;
  /**
   * @param options.filters any of them may match, such as `id~="^web"` or `labels."a.b"==x`; all
   * containers without one
   */
  list(options?: Cancellable & { readonly filters?: readonly string[] }): Promise<Container[]>;
  /** @throws TaskIOError `IN_USE` when the id is taken, `INVALID_ID` */
  create(container: NewContainer, options?: Cancellable): Promise<Container>;
  /** @throws TaskIOError `NOT_FOUND`, `IN_USE` while it has a task */
  delete(id: string, options?: DeleteContainerOptions): Promise<void>;
}

/** The containers that a server has. */
export function containersOf(rpc: RPC): Containers {
  const containers: Containers = {
    async get(id, { signal } = {}) {
      const call = { doing: `get the container "${id}"`, signal, sought: `container "${id}"` };
      const { container } = await serviceCall(rpc, call, (o) => rpc.containers.get({ id }, o));
      return toContainer(container!);
    },
    async list({ filters = [], signal } = {}) {
      const call = { doing: "list the containers", signal };
      const request = { filters: [...filters] };
      const { containers } = await rpc.call(call, (o) => rpc.containers.list(request, o));
      return containers.map(toContainer);
    },
    async create(container, { signal } = {}) {
      validateID(container.id);
      const call = { doing: `create the container "${container.id}"`, signal };
      const request = { container: toMessage(container) };
      const created = await rpc.call(call, (o) => rpc.containers.create(request, o));
      return toContainer(created.container!);
    },
    async delete(id, { snapshot = false, signal } = {}) {
      await refuseWithTask(rpc, id, signal);
      const container = snapshot ? await containers.get(id, { signal }) : undefined;
      const call = {
        doing: `delete the container "${id}"`,
        signal,
        precondition: "IN_USE",
        sought: `container "${id}"`,
      } as const;
      await serviceCall(rpc, call, (o) => rpc.containers.delete({ id }, o));
      if (container) await removeSnapshot(rpc, container, signal);
    },
  };
  return containers;
}

/** The server may have done it already: with the container gone, nothing refers to it. */
async function removeSnapshot(
  rpc: RPC,
  { snapshotter, snapshotKey }: Container,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!snapshotKey) return;
  await orNone(snapshotsOf(rpc, snapshotter).remove(snapshotKey, { signal }));
}

/** containerd would delete the container, and nobody could get at the task any more. */
async function refuseWithTask(rpc: RPC, id: string, signal: AbortSignal | undefined) {
  if (!(await orNone(getStatus(rpc, { containerId: id }, signal)))) return;
  throw new TaskIOError("IN_USE", `the container "${id}" has a task: delete that first`);
}

function toMessage(container: NewContainer) {
  const { runtime = "io.containerd.runc.v2", runtimeOptions: options, spec, ...rest } = container;
  return {
    ...rest,
    runtime: { name: runtime, ...(options && { options }) },
    spec: packJSON(typeURL.spec, spec),
  };
}

function toContainer(container: message.Container): Container {
  const { id, labels, image, snapshotter, snapshotKey, createdAt, updatedAt } = container;
  return {
    id,
    labels,
    image,
    runtime: container.runtime?.name ?? "",
    spec: toSpec(container.spec),
    snapshotter,
    snapshotKey,
    createdAt: createdAt && timestampDate(createdAt),
    updatedAt: updatedAt && timestampDate(updatedAt),
  };
}

/** Another payload than JSON, of a runtime of its own kind, is no spec for us. */
function toSpec(spec: Any | undefined): OCISpec | undefined {
  try {
    return unpackJSON(spec) as OCISpec | undefined;
  } catch {
    return undefined;
  }
}
