import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { CallOptions } from "@connectrpc/connect";
import { abortable } from "./abortable.ts";
import type { Cancellable } from "./cancellable.ts";
import type * as message from "./gen/containerd/services/snapshots/v1/snapshots_pb.ts";
import { type Mount, toMounts } from "./mount.ts";
import { namespaceDefaults } from "./namespace-defaults.ts";
import { once } from "./once.ts";
import type { RPC } from "./rpc.ts";
import { serviceCall, type ServiceCall, streamingCall } from "./service-call.ts";

/** By their numbers in containerd's messages, whose module is loaded only where a call is made. */
const kinds: Readonly<Record<message.Kind, SnapshotInfo["kind"]>> = {
  0: "unknown",
  1: "view",
  2: "active",
  3: "committed",
};

/** What the server knows of a snapshot. */
export interface SnapshotInfo {
  /** The key of a view or an active one, the name of a committed one: for a layer its chain id. */
  readonly name: string;
  /** The snapshot below it; empty for none. */
  readonly parent: string;
  /** `view`: to be read; `active`: to be written; `committed`: a parent for others. */
  readonly kind: "unknown" | "view" | "active" | "committed";
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
}

/** What a snapshot takes, without what is below it. */
export interface SnapshotUsage {
  /** In bytes. */
  readonly size: number;
  readonly inodes: number;
}

/** How to make a snapshot. */
export interface NewSnapshot extends Cancellable {
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The snapshots that one snapshotter has in a namespace: root filesystems and the layers that they are
 * made of. What no container and no lease refers to is removed by the server sooner or later: make a
 * snapshot under `withLease`. Calls throw TaskIOErrors, `INVALID_ARGUMENT` where there is no such
 * snapshotter.
 */
export interface Snapshots {
  /**
   * Makes one that can be written, and gives its mounts.
   *
   * @param parent a committed one, such as an image's `chainID`; an empty folder without it
   * @throws TaskIOError `IN_USE` when the key is taken, `NOT_FOUND` without the parent
   */
  prepare(key: string, parent?: string, options?: NewSnapshot): Promise<Mount[]>;
  /** As `prepare`, but to be read only. */
  view(key: string, parent?: string, options?: NewSnapshot): Promise<Mount[]>;
  /** @throws TaskIOError `NOT_FOUND` naming the key */
  mounts(key: string, options?: Cancellable): Promise<Mount[]>;
  /** @throws TaskIOError `NOT_FOUND` naming the key */
  stat(key: string, options?: Cancellable): Promise<SnapshotInfo>;
  /** @throws TaskIOError `NOT_FOUND` naming the key */
  usage(key: string, options?: Cancellable): Promise<SnapshotUsage>;
  /** @param options.filters any of them may match, such as `kind==active` or `parent==x` */
  list(options?: Cancellable & { readonly filters?: readonly string[] }): Promise<SnapshotInfo[]>;
  /** @throws TaskIOError `NOT_FOUND`, `IN_USE` while others are made of it */
  remove(key: string, options?: Cancellable): Promise<void>;
}

/** @param name of the snapshotter; the namespace's default without it */
export function snapshotsOf(rpc: RPC, name?: string): Snapshots {
  return new NamedSnapshots(rpc, name);
}

class NamedSnapshots implements Snapshots {
  readonly #rpc: RPC;
  /** The name of the snapshotter. */
  readonly #name: () => Promise<string>;

  constructor(rpc: RPC, name: string | undefined) {
    this.#rpc = rpc;
    this.#name = once(async () => name || (await namespaceDefaults(rpc)).snapshotter);
  }

  prepare(key: string, parent?: string, options?: NewSnapshot): Promise<Mount[]> {
    return this.#make("prepare", key, parent, options);
  }

  view(key: string, parent?: string, options?: NewSnapshot): Promise<Mount[]> {
    return this.#make("view", key, parent, options);
  }

  async mounts(key: string, { signal }: Cancellable = {}): Promise<Mount[]> {
    const call = about("get the mounts of", key, signal);
    const { mounts } = await this.#call(call, async (snapshotter, o) =>
      (await this.#rpc.snapshots()).mounts({ snapshotter, key }, o),
    );
    return toMounts(mounts);
  }

  async stat(key: string, { signal }: Cancellable = {}): Promise<SnapshotInfo> {
    const { info } = await this.#call(about("get", key, signal), async (snapshotter, o) =>
      (await this.#rpc.snapshots()).stat({ snapshotter, key }, o),
    );
    return toInfo(info!);
  }

  async usage(key: string, { signal }: Cancellable = {}): Promise<SnapshotUsage> {
    const call = about("get the usage of", key, signal);
    const { size, inodes } = await this.#call(call, async (snapshotter, o) =>
      (await this.#rpc.snapshots()).usage({ snapshotter, key }, o),
    );
    return { size: Number(size), inodes: Number(inodes) };
  }

  async list({
    filters = [],
    signal,
  }: Cancellable & { readonly filters?: readonly string[] } = {}): Promise<SnapshotInfo[]> {
    const request = { snapshotter: await abortable(this.#name(), signal), filters: [...filters] };
    const call = { doing: "list the snapshots", signal };
    const snapshots = await this.#rpc.snapshots();
    const open = (options: CallOptions) => snapshots.list(request, options);
    const found: SnapshotInfo[] = [];
    for await (const { info } of streamingCall(this.#rpc, call, open))
      found.push(...info.map(toInfo));
    return found;
  }

  async remove(key: string, { signal }: Cancellable = {}): Promise<void> {
    const call = { ...about("remove", key, signal), precondition: "IN_USE" } as const;
    await this.#call(call, async (snapshotter, o) =>
      (await this.#rpc.snapshots()).remove({ snapshotter, key }, o),
    );
  }

  async #make(
    how: "prepare" | "view",
    key: string,
    parent = "",
    { labels = {}, signal }: NewSnapshot = {},
  ): Promise<Mount[]> {
    const call = { doing: `make the snapshot "${key}"`, signal, ...soughtSnapshot(parent) };
    return this.#call(call, async (snapshotter, o) => {
      const snapshots = await this.#rpc.snapshots();
      const request = { snapshotter, key, parent, labels: { ...labels } };
      return toMounts((await snapshots[how](request, o)).mounts);
    });
  }

  async #call<T>(
    call: ServiceCall,
    run: (snapshotter: string, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    const snapshotter = await abortable(this.#name(), call.signal);
    return serviceCall(this.#rpc, call, (options) => run(snapshotter, options));
  }
}

function about(verb: string, key: string, signal: AbortSignal | undefined): ServiceCall {
  return { doing: `${verb} the snapshot "${key}"`, signal, ...soughtSnapshot(key) };
}

function soughtSnapshot(key: string) {
  return key ? { sought: `snapshot "${key}"` } : {};
}

function toInfo({ createdAt, updatedAt, kind, ...info }: message.Info): SnapshotInfo {
  return {
    name: info.name,
    parent: info.parent,
    kind: kinds[kind] ?? "unknown",
    labels: info.labels,
    createdAt: createdAt && timestampDate(createdAt),
    updatedAt: updatedAt && timestampDate(updatedAt),
  };
}
