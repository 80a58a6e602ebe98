const ending = "-hub.sock";

/**
 * The path of the socket of a task's hub, if it has one (`@taskio/hub`): beside the task's FIFOs.
 *
 * @param fifo the path of one of them
 *
 * @example
 * ```ts
 * import { hubSocketPath } from "@taskio/fifo/holders";
 *
 * console.log(hubSocketPath("/run/x/t1-stdout")); // /run/x/t1-hub.sock
 * ```
 */
export function hubSocketPath(fifo: string): string {
  return fifo.replace(/-(stdin|stdout|stderr)$/, "") + ending;
}

/** Whether a path may be that of a hub's socket. */
export function isHubSocketPath(path: string): boolean {
  return path.endsWith(ending);
}
