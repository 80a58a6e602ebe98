import { resolve } from "node:path";
import { TaskIOError } from "@taskio/core";
import type { LogFormat } from "../format/log-format.ts";
import type { LogStream } from "../log-record.ts";
import type { ReadLogsOptions } from "./read-logs-options.ts";

/** What is asked for, checked. */
export interface Query {
  /** Absolute: the folder of the process may change. */
  readonly path: string;
  readonly format: LogFormat | undefined;
  readonly follow: boolean;
  /** In lines. */
  readonly tail: number;
  readonly selection: Selection;
  readonly ended: Promise<unknown> | undefined;
}

/** Which records are wanted; times are in ns, both included. */
export interface Selection {
  readonly since: bigint | undefined;
  readonly until: bigint | undefined;
  readonly stream: LogStream | undefined;
}

/** @throws TaskIOError `INVALID_ARGUMENT` */
export function newQuery(path: string, options: ReadLogsOptions): Query {
  if (typeof path !== "string" || path === "" || path.includes("\0")) {
    throw invalid(
      `invalid path of a log ${JSON.stringify(path)}: give the path of its newest file`,
    );
  }
  const { format, follow = false, tail = Infinity, stream, ended } = options;
  const selection = { since: time("since", options), until: time("until", options), stream };
  if (!(tail === Infinity || (Number.isSafeInteger(tail) && tail >= 0))) {
    throw invalid(`invalid tail ${tail}: give a number of lines, 0 or more`);
  }
  if (stream !== undefined && stream !== "stdout" && stream !== "stderr") {
    throw invalid(`invalid stream ${JSON.stringify(stream)}: give "stdout" or "stderr"`);
  }
  const { since, until } = selection;
  if (since !== undefined && until !== undefined && since > until) {
    throw invalid("since is after until: nothing could be read");
  }
  if (format !== undefined && typeof (format as Partial<LogFormat>)?.decode !== "function") {
    throw invalid(
      "invalid log format: give criFormat, jsonFileFormat, rawFormat or logFormat(name)",
    );
  }
  if (format) checkSelection(format, selection);
  return { path: resolve(path), format, follow, tail, selection, ended };
}

/**
 * Refuses to look for what a format does not keep.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 */
export function checkSelection(format: LogFormat, selection: Selection): void {
  if (format.framed) return;
  for (const [name, value] of Object.entries(selection)) {
    if (value === undefined) continue;
    const kept = name === "stream" ? "which stream a line is of" : "when a line was written";
    throw invalid(`no ${name} in a log of the format "${format.name}": it does not say ${kept}`);
  }
}

function time(name: "since" | "until", options: ReadLogsOptions): bigint | undefined {
  const value = options[name];
  if (value === undefined || typeof value === "bigint") return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) {
    return BigInt(value.getTime()) * 1_000_000n;
  }
  throw invalid(
    `invalid ${name} ${String(value)}: give a valid Date, or ns since 1970 as a bigint`,
  );
}

function invalid(message: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", message);
}
