import { TaskIOError } from "@taskio/core";
import { driverReportPath } from "@taskio/logs";
import { isAbsolute, join, resolve } from "node:path";

/** The key that makes this program the log driver of a task: `binary:///PATH/taskio?log-driver=cri&dir=/DIR`. */
export const driverKey = "log-driver";

const formats = ["cri", "json-file", "raw"] as const;

/** How a log is written, as @taskio/logs names it. */
export type DriverFormat = (typeof formats)[number];

/** What our log driver makes for a task. */
export interface DriverLog {
  readonly format: DriverFormat;
  /** The newest file of the log. */
  readonly path: string;
  /** Where viewers come. */
  readonly socket: string;
}

/** Whose log it is. */
export interface DriverTask {
  readonly id: string;
  readonly namespace: string;
}

/**
 * What a driver with that config makes.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 */
export function driverLog(
  { [driverKey]: format, dir }: Readonly<Record<string, string | undefined>>,
  { id, namespace }: DriverTask,
): DriverLog {
  if (!isFormat(format)) {
    throw invalid(`${driverKey}=${format ?? ""} is unknown: give ${formats.join(", ")}`);
  }
  if (dir === undefined || !isAbsolute(dir)) {
    throw invalid(`dir=${dir ?? ""} is no absolute path: give the folder for logs`);
  }
  const path = join(dir, namespace, `${id}.log`);
  return { format, path, socket: socketOf(path, { id, namespace }) };
}

/** The same of a task's stdout URI; undefined where its logger is not ours. */
export function driverLogOf(stdout: string, task: DriverTask): DriverLog | undefined {
  if (!/^binary(-v2)?:/i.test(stdout)) return undefined;
  try {
    return driverLog(Object.fromEntries(new URL(stdout).searchParams), task);
  } catch {
    return undefined;
  }
}

/** In a folder of this user's alone, beside where drivers report. Runtimes may share namespaces and ids. */
function socketOf(path: string, { id, namespace }: DriverTask): string {
  const hash = new Bun.CryptoHasher("sha256").update(path).digest("hex").slice(0, 16);
  return resolve(driverReportPath(namespace, id), "../../../viewers", `${hash}.sock`);
}

function isFormat(format: string | undefined): format is DriverFormat {
  return formats.some((one) => one === format);
}

function invalid(message: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", message);
}
