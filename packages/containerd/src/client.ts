import type { Cancellable } from "./cancellable.ts";
import type { Container, Containers } from "./containers.ts";
import type { Content } from "./content.ts";
import type { CreateContainerOptions } from "./create-container.ts";
import type { CreateTaskOptions } from "./create-task.ts";
import type { EventsOptions, EventStream } from "./events.ts";
import type { Images } from "./images.ts";
import type { Introspection } from "./introspection.ts";
import type { Leases, NewLease } from "./leases.ts";
import type { LoadOptions } from "./load-process.ts";
import type { Namespaces } from "./namespaces.ts";
import type { Snapshots } from "./snapshots.ts";
import type { Task } from "./task.ts";
import type { Tasks } from "./tasks.ts";
import type { LeasedClient } from "./with-lease.ts";

/** What a server says of its version. */
export interface Version {
  readonly version: string;
  /** The commit it was built from. */
  readonly revision: string;
}

/**
 * A connection to containerd, or to another server of its API, in one namespace. Calls throw
 * TaskIOErrors; those of the connection are `UNAVAILABLE`, and the next call connects anew.
 *
 * An open client does not keep the process alive, a call under way does. Disposing it ends the calls
 * under way and touches no task.
 */
export interface Client extends AsyncDisposable {
  /** The path of the socket. */
  readonly address: string;
  readonly namespace: string;
  readonly containers: Containers;
  readonly tasks: Tasks;
  readonly images: Images;
  readonly content: Content;
  readonly leases: Leases;
  readonly namespaces: Namespaces;
  readonly introspection: Introspection;

  /** @param name of the snapshotter; the namespace's default without it, else `overlayfs` */
  snapshots(name?: string): Snapshots;

  version(options?: Cancellable): Promise<Version>;
  /**
   * What happens from now on, without replay. To see all that you do next, await `subscribed()` of the
   * stream first. It goes on after a restart of the server, with an event of the type `gap`.
   */
  events(options?: EventsOptions): EventStream;
  /**
   * Makes a container of a folder, or of an image that the server has: with the spec of `newSpec`, what
   * the image says of it, and `spec` over that. `containers.create` makes one as it is given.
   *
   * @throws TaskIOError `NOT_FOUND` (the image, or it is not unpacked for the snapshotter; the folder),
   * `IN_USE` when a container or a snapshot has the id, `INVALID_ARGUMENT` without a command,
   * `INVALID_ID`, and what the options of `spec` throw; nothing is left behind. After `UNAVAILABLE`
   * what was made of an image is removed where the server can still be reached, and its lease expires
   * where not; a container of a folder may be there. The server has 10 s for all that is removed
   */
  createContainer(options: CreateContainerOptions): Promise<Container>;
  /**
   * Runs something under a lease: what its client makes there is kept from the server's garbage
   * collector until it ends, by when a container has to refer to it. The lease is deleted whatever
   * happens, and expires where the server can't be reached for that; when `run` fails, what it made and
   * nothing refers to is removed at once. The server has 10 s for that.
   *
   * @throws TaskIOError `INVALID_ARGUMENT` for an expiration that is none: a lease of `Infinity` would
   * stay for ever where its delete fails; and what `run` throws
   */
  withLease<T>(
    run: (leased: LeasedClient) => Promise<T>,
    options?: Omit<NewLease, "id">,
  ): Promise<T>;
  /**
   * Makes the task of a container: its streams, then its process, not started yet.
   *
   * @throws TaskIOError `NOT_FOUND` naming the id, `IN_USE` when it has a task, `INVALID_CONFIG` when
   * streams and spec don't fit, `ENGINE_FAILED` in the runtime's words (a command that is not there),
   * and what the creator throws; nothing is left behind
   */
  createTask(containerId: string, options: CreateTaskOptions): Promise<Task>;
  /**
   * Takes hold of a task that exists. Of one that has stopped, FIFOs that were removed are left out.
   *
   * @throws TaskIOError `NOT_FOUND`; with `attach` also `NOT_ATTACHABLE` (its streams are URIs, or it
   * has stopped and its output is gone) and what the attach throws: nothing is changed then
   */
  loadTask(containerId: string, options?: LoadOptions): Promise<Task>;
}
