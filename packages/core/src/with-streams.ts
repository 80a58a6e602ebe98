import type { Opt } from "./opt.ts";
import type { Sink, Source } from "./streams.ts";

/**
 * Sets the three streams; undefined leaves one unwired. Go: `cio.WithStreams`.
 *
 * @example
 * ```ts
 * import { newStreams, withStreams } from "@taskio/core";
 *
 * const lines: string[] = [];
 * const opt = withStreams(undefined, (chunk) => void lines.push(new TextDecoder().decode(chunk)));
 * console.log(typeof newStreams(opt).stdout); // "function"
 * ```
 */
export function withStreams(stdin?: Source, stdout?: Sink, stderr?: Sink): Opt {
  return (streams) => {
    streams.stdin = stdin;
    streams.stdout = stdout;
    streams.stderr = stderr;
  };
}
