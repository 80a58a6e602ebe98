import type { LogRecord } from "../log-record.ts";
import { asBuffer } from "./as-buffer.ts";
import { JSONFileEncoder } from "./json-file-encoder.ts";
import type { LogFormat } from "./log-format.ts";
import { newline } from "./newline.ts";
import { parseTime } from "./parse-time.ts";

/**
 * The format of docker's `json-file` driver and of nerdctl: a JSON object a line, with `log`, `stream`
 * and `time`, which is in UTC. Bytes that are not UTF-8 are lost: each becomes U+FFFD.
 *
 * - Written as docker does, byte for byte: keys in that order, `<`, `>`, `&`, U+2028 and U+2029 escaped.
 * - `log` ends with `\n` where the record ends a line. More than 16 KiB, the newline counted, is cut,
 *   never within a character; one that a chunk ends within is kept back until the next chunk.
 * - Read with its keys in any order and with further ones, such as docker's `attrs`. Docker leaves
 *   `log` out where it is empty.
 * - Part of a record is never one.
 *
 * @example
 * ```ts
 * import { jsonFileFormat } from "@taskio/logs";
 *
 * const line = '{"log":"1 \\u003c 2\\n","stream":"stdout","time":"2026-08-01T10:00:00.5Z"}\n';
 * const record = jsonFileFormat.decode(Buffer.from(line));
 * console.log(record?.stream, record?.time); // stdout 1785578400500000000n
 * console.log(JSON.stringify(String(record?.data))); // "1 < 2\n"
 * console.log(jsonFileFormat.decode(Buffer.from(line.slice(9)))); // undefined
 * ```
 */
export const jsonFileFormat: LogFormat = {
  name: "json-file",
  framed: true,
  newEncoder: (stream) => new JSONFileEncoder(stream),
  decode,
};

function decode(line: Uint8Array): LogRecord | undefined {
  if (line.at(-1) !== newline || line[0] !== 0x7b) return undefined;
  const entry = parse(asBuffer(line).toString("utf8"));
  if (entry === undefined) return undefined;
  const { log = "", stream, time: text } = entry;
  if (typeof log !== "string" || typeof text !== "string") return undefined;
  if (stream !== "stdout" && stream !== "stderr") return undefined;
  const time = parseTime(Buffer.from(text));
  return time === undefined ? undefined : { stream, time, data: Buffer.from(log) };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
