import { isAbsolute } from "node:path";
import { TaskIOError } from "@taskio/core";

/** Options of `runDriver`. */
export interface DriverOptions {
  /** The file that tells of a failure: an absolute path. Else that of `driverReportPath`. */
  readonly report?: string;
  /**
   * How long after SIGTERM the driver may take to the end of the streams and of itself, in ms; the
   * runtime kills it after 12 000.
   *
   * @default 11000
   */
  readonly drainMs?: number;
}

/** A second before the runtime kills the driver, in ms. */
export const defaultDrainMs = 11_000;

/**
 * The options with what they leave out.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 */
export function checkedOptions({ report, drainMs = defaultDrainMs }: DriverOptions) {
  if (!(drainMs >= 0)) {
    throw new TaskIOError("INVALID_ARGUMENT", `drainMs is ${String(drainMs)}: give milliseconds`);
  }
  if (report !== undefined && !isAbsolute(report)) {
    throw new TaskIOError(
      "INVALID_ARGUMENT",
      `the report's path ${JSON.stringify(report)} is relative: runtimes start drivers in a folder of their own`,
      { path: report },
    );
  }
  return { report, drainMs };
}
