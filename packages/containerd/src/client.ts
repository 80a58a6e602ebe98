import type { Cancellable } from "./cancellable.ts";
import type { Containers } from "./containers.ts";
import type { CreateTaskOptions } from "./create-task.ts";
import type { EventsOptions, EventStream } from "./events.ts";
import type { Introspection } from "./introspection.ts";
import type { LoadOptions } from "./load-process.ts";
import type { Task } from "./task.ts";
import type { Tasks } from "./tasks.ts";

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
  readonly introspection: Introspection;

  version(options?: Cancellable): Promise<Version>;
  /**
   * What happens from now on, without replay. To see all that you do next, await `subscribed()` of the
   * stream first.
   */
  events(options?: EventsOptions): EventStream;
  /**
   * Makes the task of a container: its streams, then its process, not started yet.
   *
   * @throws TaskIOError `NOT_FOUND` naming the id, `IN_USE` when it has a task, `INVALID_CONFIG` when
   * streams and spec don't fit, `ENGINE_FAILED` in the runtime's words (a command that is not there),
   * and what the creator throws; nothing is left behind
   */
  createTask(containerId: string, options: CreateTaskOptions): Promise<Task>;
  /**
   * Takes hold of a task that exists.
   *
   * @throws TaskIOError `NOT_FOUND`; with `attach` also `NOT_ATTACHABLE` (its streams are URIs, or it
   * has stopped and its output is gone) and what the attach throws: nothing is changed then
   */
  loadTask(containerId: string, options?: LoadOptions): Promise<Task>;
}
