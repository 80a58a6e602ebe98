import { timestampDate } from "@bufbuild/protobuf/wkt";
import { TaskIOError } from "@taskio/core";
import type { Cancellable } from "./cancellable.ts";
import type * as message from "./gen/containerd/services/leases/v1/leases_pb.ts";
import type { RPC } from "./rpc.ts";
import { serviceCall } from "./service-call.ts";

/** What keeps snapshots and content that nothing else refers to from the garbage collector. */
export interface Lease {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: Date | undefined;
  /** When it ends by itself; undefined where it doesn't. */
  readonly expiresAt: Date | undefined;
}

/** How to make a lease. */
export interface NewLease extends Cancellable {
  /** @default a random one */
  readonly id?: string;
  /**
   * In ms from now; `Infinity` for a lease that only a delete ends, which `withLease` refuses. Go:
   * `leases.WithExpiration`.
   *
   * @default 86_400_000, a day
   */
  readonly expiration?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The leases of a namespace; `withLease` of the client works under one. Calls throw TaskIOErrors. */
export interface Leases {
  /** @throws TaskIOError `IN_USE` when the id is taken, `INVALID_ARGUMENT` */
  create(options?: NewLease): Promise<Lease>;
  /** @param options.filters any of them may match, such as `id==x` or `labels."a.b"==x` */
  list(options?: Cancellable & { readonly filters?: readonly string[] }): Promise<Lease[]>;
  /**
   * @param options.sync whether it waits until what nothing keeps any more is gone
   * @throws TaskIOError `NOT_FOUND`
   */
  delete(id: string, options?: Cancellable & { readonly sync?: boolean }): Promise<void>;
}

const day = 86_400_000;
const expireLabel = "containerd.io/gc.expire";

/** The leases that a server has. */
export function leasesOf(rpc: RPC): Leases {
  return {
    async create({ id = newLeaseID(), expiration = day, labels, signal } = {}) {
      const call = { doing: `create the lease "${id}"`, signal };
      const request = { id, labels: { ...labels, ...expires(expiration) } };
      const { lease } = await serviceCall(rpc, call, async (o) =>
        (await rpc.leases()).create(request, o),
      );
      return toLease(lease!);
    },
    async list({ filters = [], signal } = {}) {
      const call = { doing: "list the leases", signal };
      const request = { filters: [...filters] };
      const { leases } = await serviceCall(rpc, call, async (o) =>
        (await rpc.leases()).list(request, o),
      );
      return leases.map(toLease);
    },
    async delete(id, { sync = false, signal } = {}) {
      const call = { doing: `delete the lease "${id}"`, signal, sought: `lease "${id}"` };
      await serviceCall(rpc, call, async (o) => (await rpc.leases()).delete({ id, sync }, o));
    },
  };
}

/** One that nobody else has. */
export function newLeaseID(): string {
  return `taskio-${crypto.randomUUID()}`;
}

function expires(expiration: number): Record<string, string> {
  if (expiration === Infinity) return {};
  const end = new Date(Date.now() + expiration);
  if (expiration > 0 && !Number.isNaN(end.getTime())) return { [expireLabel]: end.toISOString() };
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid expiration ${expiration} of a lease: give milliseconds, or Infinity`,
  );
}

function toLease({ id, labels, createdAt }: message.Lease): Lease {
  const end = labels[expireLabel];
  return {
    id,
    labels,
    createdAt: createdAt && timestampDate(createdAt),
    expiresAt: end ? new Date(end) : undefined,
  };
}
