import type { LogFormat, RecordEncoder } from "./log-format.ts";

/**
 * The task's output as it came, with no times: what the runc shim makes of a `file://` URI. Both streams
 * are in it and cannot be told apart, so each record is said to be of stdout.
 *
 * A record is a line, of whatever length it has in the file; what follows the last newline is one too.
 *
 * @example
 * ```ts
 * import { rawFormat } from "@taskio/logs";
 *
 * const record = rawFormat.decode(Buffer.from("no newline"));
 * console.log(record?.stream, record?.time, String(record?.data)); // stdout undefined no newline
 * ```
 */
export const rawFormat: LogFormat = {
  name: "raw",
  framed: false,
  newEncoder: () => rawEncoder,
  decode: (line) =>
    line.length === 0 ? undefined : { stream: "stdout", time: undefined, data: line },
};

const rawEncoder: RecordEncoder = {
  encode: (chunk, _time, out) => out.append(chunk),
  end: () => {},
};
