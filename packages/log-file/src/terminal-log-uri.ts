import type { Creator } from "@taskio/core";
import { checkURI } from "./check-uri.ts";
import { uriCreator } from "./uri-creator.ts";

/**
 * As `logURI`, for a task with a terminal. Go: `cio.TerminalLogURI`.
 *
 * The Config's stderr is `""`, because a terminal has one output. Go on Unix repeats the URI there,
 * Go on Windows does not; the runc shim reads stdout only. The runc shim takes `binary` and
 * `binary-v2` for a terminal, and fails on `file`.
 *
 * @param uri as for `logURI`
 * @throws TaskIOError `INVALID_ARGUMENT` as `logURI`; the Creator rejects with `INVALID_ID`
 *
 * @example
 * ```ts
 * import { terminalLogURI } from "@taskio/log-file";
 *
 * await using io = await terminalLogURI("binary-v2:///usr/bin/logger?tag=web")("web-1");
 * console.log(io.config.terminal, io.config.stderr === ""); // true true
 * ```
 */
export function terminalLogURI(uri: string | URL): Creator {
  return uriCreator(checkURI(uri), { terminal: true });
}
