import type { LogRecord, LogStream } from "../log-record.ts";
import { asBuffer } from "./as-buffer.ts";
import type { ByteBuffer } from "./byte-buffer.ts";
import { formatLocal } from "./format-time.ts";
import type { LogFormat, RecordEncoder } from "./log-format.ts";
import { maxData } from "./max-data.ts";
import { newline } from "./newline.ts";
import { parseTime } from "./parse-time.ts";

const space = 0x20;

/**
 * The format of Kubernetes' container logs, which `kubectl logs` and `crictl logs` read and containerd's
 * CRI plugin, CRI-O and conmon write: `<time> <stream> <tags> <data>`. It keeps every byte.
 *
 * - Time is RFC 3339, local with its offset from UTC; any offset and fraction is read, to the ns.
 * - The first tag is `F` where the record ends a line, `P` where it is a part of one. Further tags,
 *   divided by colons, are skipped. `P` is also what a chunk ends with, and the task's last output
 *   if it has no newline, so the data of all records is byte for byte what the task wrote; containerd
 *   keeps an unfinished line back until it is full, and drops the `\r` of a `\r\n`.
 * - More than 16 KiB, the newline counted, is cut.
 * - A record has no length or checksum: cut behind its tags and ended with a newline, as after a
 *   writer was killed, it is a valid one with less data. Cut before, it is none.
 *
 * Read as Kubernetes' `k8s.io/cri-client/pkg/logs` does, but a first tag other than `F` and `P`, which
 * it takes for `F`, is no record here, so that foreign lines are not taken for logs.
 *
 * @example
 * ```ts
 * import { criFormat } from "@taskio/logs";
 *
 * const line = "2026-08-01T12:00:00.000000007+02:00 stderr F out of memory\n";
 * const record = criFormat.decode(Buffer.from(line));
 * console.log(record?.stream, record?.time); // stderr 1785578400000000007n
 * console.log(JSON.stringify(String(record?.data))); // "out of memory\n"
 * ```
 */
export const criFormat: LogFormat = {
  name: "cri",
  framed: true,
  newEncoder: (stream) => new CRIEncoder(stream),
  decode,
};

class CRIEncoder implements RecordEncoder {
  readonly #stream: LogStream;
  #time = NaN;
  /** What starts the records of that time: of whole lines, and of parts. */
  #full = Buffer.alloc(0);
  #partial = Buffer.alloc(0);

  constructor(stream: LogStream) {
    this.#stream = stream;
  }

  encode(chunk: Uint8Array, time: number, out: ByteBuffer): void {
    if (time !== this.#time) this.#setTime(time);
    const bytes = asBuffer(chunk);
    for (let start = 0; start < bytes.length;) {
      const found = bytes.indexOf(newline, start);
      const end = found === -1 ? bytes.length : found + 1;
      for (; end - start > maxData; start += maxData)
        this.#part(bytes, start, start + maxData, out);
      if (found === -1) this.#part(bytes, start, end, out);
      else append(this.#full, bytes, start, end, out);
      start = end;
    }
  }

  end(): void {}

  #part(bytes: Buffer, start: number, end: number, out: ByteBuffer): void {
    append(this.#partial, bytes, start, end, out);
    out.reserve(1)[out.length++] = newline;
  }

  #setTime(time: number): void {
    const start = `${formatLocal(time)} ${this.#stream} `;
    this.#full = Buffer.from(`${start}F `);
    this.#partial = Buffer.from(`${start}P `);
    this.#time = time;
  }
}

function append(header: Buffer, bytes: Buffer, start: number, end: number, out: ByteBuffer): void {
  const memory = out.reserve(header.length + end - start);
  header.copy(memory, out.length);
  bytes.copy(memory, out.length + header.length, start, end);
  out.length += header.length + end - start;
}

function decode(line: Uint8Array): LogRecord | undefined {
  if (line.at(-1) !== newline) return undefined;
  const streamAt = line.indexOf(space) + 1;
  if (streamAt === 0) return undefined;
  const stream = streamOf(line, streamAt);
  if (stream === undefined) return undefined;
  const tagsAt = streamAt + stream.length + 1;
  const dataAt = line.indexOf(space, tagsAt) + 1;
  if (dataAt === 0) return undefined;
  const full = isFull(line, tagsAt);
  if (full === undefined) return undefined;
  const time = parseTime(line.subarray(0, streamAt - 1));
  if (time === undefined) return undefined;
  return { stream, time, data: line.subarray(dataAt, full ? line.length : -1) };
}

function streamOf(line: Uint8Array, at: number): LogStream | undefined {
  const name = asBuffer(line).toString("latin1", at, at + 7);
  if (name === "stdout ") return "stdout";
  return name === "stderr " ? "stderr" : undefined;
}

/** What the first of the tags says, which colons divide: `F` or `P`. */
function isFull(line: Uint8Array, tagsAt: number): boolean | undefined {
  const next = line[tagsAt + 1];
  if (next !== space && next !== 0x3a) return undefined;
  const tag = line[tagsAt];
  if (tag === 0x46) return true;
  return tag === 0x50 ? false : undefined;
}
