import type { Creator } from "@taskio/core";
import { binaryURI } from "./binary-uri.ts";
import type { LogArgs } from "./log-args.ts";
import { uriCreator } from "./uri-creator.ts";

/**
 * Has the runtime start a logging binary that reads a task's stdout and stderr. Go: `cio.BinaryIO`.
 *
 * The binary gets the pipes as fds 3 (stdout) and 4 (stderr), writes a byte to fd 5 when it is ready, and
 * finds the task's id in `CONTAINER_ID` and the namespace in `CONTAINER_NAMESPACE`, with no other
 * environment. There is no stdin and nothing to attach to; `wait()` settles at once.
 *
 * **One key is the only form whose order is safe.** The runc shim passes `args` as
 * `key value key2 value2`, the pairs in random order at each start, although the URI is sorted. Put
 * more than one setting into one value (JSON, a file's path), or let the binary take pairs in any
 * order. An empty value is passed as an empty argument.
 *
 * A binary that fails before it is ready counts as started. For containerd 2.3 and later,
 * `logURI(logURIGenerator("binary-v2", binary, args))` makes that an error.
 *
 * @param binary absolute path, as the runtime's host sees it
 * @throws TaskIOError `INVALID_ARGUMENT`, here and not from the Creator as in Go, for a relative
 *   path, a NUL byte in the path or an argument, and what `logURIGenerator` refuses; the Creator
 *   rejects with `INVALID_ID`
 *
 * @example
 * ```ts
 * import { binaryIO } from "@taskio/log-file";
 *
 * const create = binaryIO("/usr/bin/logger", { "--config": "/etc/logger.json" });
 * await using io = await create("web-1");
 * console.log(io.config.stdout); // binary:///usr/bin/logger?--config=%2Fetc%2Flogger.json
 * ```
 */
export function binaryIO(binary: string, args?: LogArgs): Creator {
  return uriCreator(binaryURI(binary, args), { terminal: false });
}
