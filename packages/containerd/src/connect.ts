import { TaskIOError, validateID } from "@taskio/core";
import { resolveAddress } from "./address.ts";
import type { Cancellable } from "./cancellable.ts";
import type { Client } from "./client.ts";
import { longestTimer } from "./longest-timer.ts";

/** Where to connect to. */
export interface ConnectOptions extends Cancellable {
  /**
   * The absolute path of the server's socket; `unix://` may stand before it.
   *
   * @default $CONTAINERD_ADDRESS, else "/run/containerd/containerd.sock"
   */
  readonly address?: string;
  /** @default $CONTAINERD_NAMESPACE, else "default" */
  readonly namespace?: string;
  /**
   * How long the server may be silent, in ms: after a connection, and in calls but those that wait
   * for something to happen (`wait`, `events`). A call may take longer, as long as others are answered.
   *
   * @default 10000
   */
  readonly timeout?: number;
  /**
   * Called whenever the runtime has just opened the streams of a process: the moment for
   * `kickWriters` of `@taskio/fifo/reactor`, which saves a writer a few ms of looking for its peer.
   */
  readonly streamsOpened?: () => void;
}

/** As Go's client takes for dialing. */
const defaultTimeout = 10_000;

/**
 * Connects to containerd, or to another server of its API. Go: `containerd.New`.
 *
 * @throws TaskIOError `NOT_FOUND` (no such socket), `PERMISSION`, `UNAVAILABLE` (nobody listens there,
 * or what does says nothing within the timeout), `INVALID_ARGUMENT` (no absolute path),
 * `INVALID_ID` (the namespace)
 *
 * @example
 * ```ts
 * import { connect } from "@taskio/containerd";
 * import { TaskIOError } from "@taskio/core";
 *
 * try {
 *   await using client = await connect({ namespace: "default" });
 *   console.log((await client.version()).version);
 * } catch (error) {
 *   console.log((error as TaskIOError).code); // code of a machine without containerd
 * }
 * ```
 */
export async function connect(options: ConnectOptions = {}): Promise<Client> {
  const { streamsOpened, timeout = defaultTimeout, signal } = options;
  signal?.throwIfAborted();
  const address = resolveAddress(options.address);
  const namespace = options.namespace || process.env.CONTAINERD_NAMESPACE || "default";
  validateID(namespace);
  checkTimeout(timeout);
  const { openClient } = await import("./open-client.ts"); // gRPC takes a while to load
  return openClient({ address, namespace, streamsOpened, timeout, signal });
}

function checkTimeout(timeout: number): void {
  if (timeout >= 1 && timeout <= longestTimer) return;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid timeout ${timeout}: give milliseconds, from 1 to ${longestTimer}`,
  );
}
