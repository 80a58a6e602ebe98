import { type Config, isWired, TaskIOError } from "@taskio/core";
import { hubSocketPath } from "@taskio/fifo/holders";

/**
 * The path of the socket of a task's hub: beside the task's FIFOs, so that who knows the task's Config
 * knows the hub.
 *
 * @throws TaskIOError `INVALID_CONFIG` without a stream, `NOT_ATTACHABLE` where the first one is a URI
 *
 * @example
 * ```ts
 * import { hubSocket } from "@taskio/hub";
 *
 * const config = { terminal: false, stdin: "", stdout: "/run/x/t1-stdout", stderr: "/run/x/t1-stderr" };
 * console.log(hubSocket(config)); // /run/x/t1-hub.sock
 * ```
 */
export function hubSocket(config: Config): string {
  const path = [config.stdout, config.stderr, config.stdin].find(isWired);
  if (path === undefined) {
    throw new TaskIOError("INVALID_CONFIG", "no stream of the task is wired: nothing to view");
  }
  const scheme = /^([^/]*):\/\//.exec(path)?.[1];
  if (scheme === undefined) return hubSocketPath(path);
  throw new TaskIOError(
    "NOT_ATTACHABLE",
    `"${path}" is a ${scheme}:// stream: only tasks with FIFOs have a hub`,
    { path },
  );
}
