import type { Creator } from "@taskio/core";
import { checkURI } from "./check-uri.ts";
import { uriCreator } from "./uri-creator.ts";

/**
 * Gives a task's stdout and stderr a log URI of any scheme. Go: `cio.LogURI`.
 *
 * A string goes to the runtime as given: nothing is cleaned, escaped or sorted, so that a URI made
 * elsewhere stays the same bytes. A `URL` goes as its `href`, which JavaScript may have written
 * otherwise than Go would (`*` for `%2A`, say); both mean the same. To build a URI from a path, use
 * `logURIGenerator`: containerd's runc shim ignores the host, so `file://var/log/x` would be
 * `/log/x`.
 *
 * @param uri starts with a scheme and `://`; a `URL` is read now, so changing it later is too late
 * @throws TaskIOError `INVALID_ARGUMENT`, here and not from the Creator, for what a runtime could
 *   not parse: no scheme with `://`, control characters, a broken `%` escape, half a surrogate
 *   pair; the Creator rejects with `INVALID_ID`
 *
 * @example
 * ```ts
 * import { logURI, logURIGenerator } from "@taskio/log-file";
 *
 * const create = logURI(logURIGenerator("binary-v2", "/usr/bin/logger", { tag: "web" }));
 * await using io = await create("web-1");
 * console.log(io.config.stderr); // binary-v2:///usr/bin/logger?tag=web
 * ```
 */
export function logURI(uri: string | URL): Creator {
  return uriCreator(checkURI(uri), { terminal: false });
}
