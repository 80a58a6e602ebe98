import { type Attach, newIO, newStreams, type Opt } from "@taskio/core";
import { CallerEnds } from "./caller-ends.ts";

/**
 * An Attach to tasks that have FIFOs: goes on where the last reader ended. Go: `cio.NewAttach`.
 *
 * Streams without a sink or source here are left alone, as are those that the task has not wired
 * (`""`, `/dev/null`). FIFOs are never made here. One reader at a time: a second one of ours is
 * refused; Go's readers take no lock and cannot be seen.
 *
 * @throws from the Attach, TaskIOError `NOT_FOUND`, `NOT_FIFO`, `NOT_ATTACHABLE` (a log or streaming
 * URI), `IN_USE`, `INVALID_ARGUMENT`, `PERMISSION`, `UNAVAILABLE`, `UNSUPPORTED`; nothing is changed
 *
 * @example
 * ```ts
 * import { newFIFOSet, TaskIOError, withStdio } from "@taskio/core";
 * import { newAttach } from "@taskio/fifo";
 *
 * const config = { terminal: false, stdin: "", stdout: "/run/x/task-1-stdout", stderr: "" };
 * try {
 *   await using io = await newAttach(withStdio)(newFIFOSet(config));
 * } catch (error) {
 *   console.log((error as TaskIOError).code); // NOT_FOUND
 * }
 * ```
 */
export function newAttach(...opts: Opt[]): Attach {
  const streams = newStreams(...opts);
  return async (fifos, { signal } = {}) => {
    signal?.throwIfAborted();
    const { config } = fifos;
    using caller = new CallerEnds({ ...streams, terminal: config.terminal });
    return newIO({ config, ...caller.start(config), close: () => fifos.close() });
  };
}
