import { ByteBuffer, type LogFormat, type LogRecord, type LogStream } from "../../../src/index.ts";

/** 2026-08-01T10:00:00.12Z */
export const someTime = 1_785_578_400_120;

/** What the chunks and the stream's end become in a file. */
export function encode(
  format: LogFormat,
  chunks: readonly (Uint8Array | string)[],
  { stream = "stdout", time = someTime }: { stream?: LogStream; time?: number } = {},
): Buffer {
  const out = new ByteBuffer(1);
  const encoder = format.newEncoder(stream);
  for (const chunk of chunks) encoder.encode(Buffer.from(chunk), time, out);
  encoder.end(time, out);
  return Buffer.from(out.bytes);
}

/** The file's lines, each with its newline. */
export function linesOf(file: Uint8Array): Buffer[] {
  const lines: Buffer[] = [];
  const bytes = Buffer.from(file);
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf("\n", start);
    const end = found === -1 ? bytes.length : found + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

/** Every line's record. */
export function decode(format: LogFormat, file: Uint8Array): LogRecord[] {
  return linesOf(file).map((line) => {
    const record = format.decode(line);
    if (record === undefined) throw new Error(`no record: ${JSON.stringify(String(line))}`);
    return record;
  });
}

export function dataOf(records: readonly LogRecord[]): Buffer {
  return Buffer.concat(records.map((record) => record.data));
}
