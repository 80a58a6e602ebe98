import { resolve } from "node:path";
import { TaskIOError } from "@taskio/core";
import { criFormat } from "../format/cri-format.ts";
import type { LogFormat } from "../format/log-format.ts";
import type { LogLoss } from "./log-loss.ts";
import type { LogWriterOptions } from "./log-writer-options.ts";
import { warn, warnOfLoss } from "./warn.ts";

/** What a writer is to do, checked and complete. */
export interface LogWriterSettings {
  /** Absolute: the folder of the process may change. */
  readonly path: string;
  readonly format: LogFormat;
  /** Infinity where files are not rotated. */
  readonly maxSize: number;
  readonly maxFiles: number;
  readonly compress: boolean;
  readonly mode: number;
  readonly reopenOnSIGHUP: boolean;
  readonly lockMs: number;
  readonly onLoss: (loss: LogLoss) => void;
  readonly onError: (error: TaskIOError) => void;
}

/** @throws TaskIOError `INVALID_ARGUMENT`, by the rules of docker's json-file driver */
export function logWriterSettings(path: string, options: LogWriterOptions): LogWriterSettings {
  const { format = criFormat, maxSize = Infinity, maxFiles = 1, compress = false } = options;
  const { mode = 0o640, reopenOnSIGHUP = false, lockMs = 5000 } = options;
  const { onLoss = warnOfLoss, onError = warn } = options;
  checkPath(path);
  check(
    typeof (format as Partial<LogFormat>)?.newEncoder === "function",
    `invalid log format ${show(format)}: give criFormat, jsonFileFormat, rawFormat or logFormat(name)`,
  );
  check(
    isCount(maxSize) || maxSize === Infinity,
    `invalid maxSize ${show(maxSize)}: give a positive whole number of bytes`,
  );
  check(isCount(maxFiles), `invalid maxFiles ${show(maxFiles)}: give a whole number, 1 or more`);
  check(typeof compress === "boolean", `invalid compress ${show(compress)}: give true or false`);
  check(
    !compress || (maxSize < Infinity && maxFiles > 1),
    "only rotated files are compressed: give maxSize, and maxFiles of 2 or more, or leave compress out",
  );
  check(
    Number.isInteger(mode) && mode >= 0 && mode <= 0o777 && (mode & 0o600) === 0o600,
    `invalid mode ${show(mode)}: give permissions by which the owner reads and writes, such as 0o640`,
  );
  check(
    typeof reopenOnSIGHUP === "boolean",
    `invalid reopenOnSIGHUP ${show(reopenOnSIGHUP)}: give true or false`,
  );
  check(
    typeof lockMs === "number" && lockMs >= 0,
    `invalid lockMs ${show(lockMs)}: give a time in ms, 0 or more`,
  );
  checkListener("onLoss", onLoss);
  checkListener("onError", onError);
  const files = { path: resolve(path), format, maxSize, maxFiles, compress, mode };
  return { ...files, reopenOnSIGHUP, lockMs, onLoss, onError };
}

function checkPath(path: unknown): void {
  const valid = typeof path === "string" && path !== "" && !path.includes("\0");
  check(valid, `invalid log path ${show(path)}: give the path of a file`);
}

function checkListener(name: string, listener: unknown): void {
  check(typeof listener === "function", `invalid ${name} ${show(listener)}: give a function`);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function check(valid: boolean, message: string): asserts valid {
  if (!valid) throw new TaskIOError("INVALID_ARGUMENT", message);
}

function show(value: unknown): string {
  if (typeof value === "object" && value !== null) return value.constructor?.name ?? "object";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
