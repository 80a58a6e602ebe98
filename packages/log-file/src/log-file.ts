import type { Creator } from "@taskio/core";
import { logURIGenerator } from "./log-uri-generator.ts";
import { uriCreator } from "./uri-creator.ts";

/**
 * Has the runtime append a task's stdout and stderr to one file, whether a client is there or not.
 * Go: `cio.LogFile`.
 *
 * Nothing is opened here: the runtime makes the file when the task is created. containerd's runc
 * shim makes missing folders too (mode 0755, the file 0644), appends to what is there, keeps no
 * order between stdout and stderr, and never rotates or reopens. There is no stdin and nothing to
 * attach to; `wait()` settles at once and `close()` leaves the file. Not for a task with a
 * terminal: the shim refuses a file there.
 *
 * @param path absolute, as the runtime's host sees it; cleaned (`/x//y/` is `/x/y`)
 * @throws TaskIOError `INVALID_ARGUMENT`, here and not from the Creator as in Go, for a path that
 *   is relative, or that no file can have (see `logURIGenerator`); the Creator rejects with
 *   `INVALID_ID`
 *
 * @example
 * ```ts
 * import { logFile } from "@taskio/log-file";
 *
 * const create = logFile("/var/log/web.log");
 * await using io = await create("web-1");
 * console.log(io.config.stdout); // file:///var/log/web.log
 * ```
 */
export function logFile(path: string): Creator {
  return uriCreator(logURIGenerator("file", path), { terminal: false });
}
