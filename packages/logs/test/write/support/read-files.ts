import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { gunzipSync } from "node:zlib";
import type { LogFormat } from "../../../src/index.ts";

/** The names of a log's files, oldest first; `.N` stands for `.N.gz` too where both are there. */
export function filesOf(path: string): string[] {
  const numbers = readdirSync(dirname(path)).flatMap((name) => {
    const rest = name.startsWith(`${basename(path)}.`) ? name.slice(basename(path).length + 1) : "";
    const [, number] = /^(\d+)(\.gz)?$/.exec(rest) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
  const parts = [...new Set(numbers)]
    .sort((a, b) => b - a)
    .map((n) => (existsSync(`${path}.${n}`) ? `${path}.${n}` : `${path}.${n}.gz`));
  return existsSync(path) ? [...parts, path] : parts;
}

/** What a log's file holds. */
export function contentOf(file: string): Buffer {
  const bytes = readFileSync(file);
  return file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

/** The data of every record of one file; torn ones are skipped. */
export function dataOf(file: string, format: LogFormat): string {
  const bytes = contentOf(file);
  const data: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start) + 1 || bytes.length;
    const record = format.decode(bytes.subarray(start, end));
    if (record) data.push(record.data);
    start = end;
  }
  return Buffer.concat(data).toString();
}

/** The data of every record of a log, oldest first. */
export function allDataOf(path: string, format: LogFormat): string {
  return filesOf(path)
    .map((file) => dataOf(file, format))
    .join("");
}
