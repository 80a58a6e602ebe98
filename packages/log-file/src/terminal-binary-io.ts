import type { Creator } from "@taskio/core";
import { binaryURI } from "./binary-uri.ts";
import type { LogArgs } from "./log-args.ts";
import { uriCreator } from "./uri-creator.ts";

/**
 * As `binaryIO`, for a task with a terminal. Go: `cio.TerminalBinaryIO`.
 *
 * The Config's stderr is `""`, because a terminal has one output. Go on Unix repeats the URI there,
 * Go on Windows does not; the runc shim reads stdout only, and gives the binary an fd 4 on which
 * nothing ever comes.
 *
 * @param binary absolute path, as the runtime's host sees it
 * @param args one key at most, unless any order of the pairs will do: see `binaryIO`
 * @throws TaskIOError `INVALID_ARGUMENT` as `binaryIO`; the Creator rejects with `INVALID_ID`
 *
 * @example
 * ```ts
 * import { terminalBinaryIO } from "@taskio/log-file";
 *
 * await using io = await terminalBinaryIO("/usr/bin/logger", { tag: "web" })("web-1");
 * console.log(io.config.stdout, io.config.terminal); // binary:///usr/bin/logger?tag=web true
 * ```
 */
export function terminalBinaryIO(binary: string, args?: LogArgs): Creator {
  return uriCreator(binaryURI(binary, args), { terminal: true });
}
