import type { Config, StreamName } from "./config.ts";
import { TaskIOError } from "./error.ts";
import type { Streams } from "./streams.ts";

/**
 * The {@link Config} of a new task with these streams, in a form that every shim accepts. For
 * backends.
 *
 * - No stream at all: all empty, as `nullIO`.
 * - Without a terminal, an output that is not wired becomes `/dev/null`: the runc shim fails on one
 *   empty output, and hangs on stdin alone (containerd `pkg/process/io.go`, go-runc `runc.go`).
 * - With a terminal, stderr is `""`, and stdout is required.
 *
 * @param path names a wired stream, such as a FIFO's path
 * @throws TaskIOError `INVALID_CONFIG` for a terminal without stdout
 *
 * @example
 * ```ts
 * import { newConfig, newStreams, withStreams } from "@taskio/core";
 *
 * const config = newConfig(newStreams(withStreams(undefined, 1)), (name) => `/run/x/t1-${name}`);
 * console.log(config.stdout, config.stderr); // /run/x/t1-stdout /dev/null
 * ```
 */
export function newConfig(streams: Streams, path: (name: StreamName) => string): Config {
  const { stdin, stdout, stderr, terminal } = streams;
  const wired = (name: StreamName) => (streams[name] === undefined ? "" : path(name));
  if (terminal) {
    if (stdout !== undefined)
      return { terminal, stdin: wired("stdin"), stdout: path("stdout"), stderr: "" };
    throw new TaskIOError("INVALID_CONFIG", "a terminal task needs a stdout: give a sink for it");
  }
  if (stdin === undefined && stdout === undefined && stderr === undefined) {
    return { terminal, stdin: "", stdout: "", stderr: "" };
  }
  return {
    terminal,
    stdin: wired("stdin"),
    stdout: wired("stdout") || "/dev/null",
    stderr: wired("stderr") || "/dev/null",
  };
}
