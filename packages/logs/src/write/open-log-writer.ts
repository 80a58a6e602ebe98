import { FileLogWriter } from "./file-log-writer.ts";
import type { LogWriterOptions } from "./log-writer-options.ts";
import { logWriterSettings } from "./log-writer-settings.ts";
import type { LogWriter } from "./log-writer.ts";
import { openLiveFile } from "./open-live-file.ts";
import { recover } from "./recover.ts";

/**
 * Opens a log file for a task's output; makes it where there is none, in a folder that exists.
 *
 * - With `maxSize`, files are rotated: `<path>.1` is the newest of the old ones, `<path>.2` the one
 *   before, and so on; compressed ones end with `.gz`. These are docker's names. Records are never cut in
 *   two by it.
 * - A writer that is killed, at whatever moment, loses at most the record that it is writing; what there
 *   is of that one is ended by a newline when the log is opened again, and readers skip it.
 * - A full disk (or a quota, a size limit, a broken disk) blocks nothing: what cannot be written is lost,
 *   counted and told, the file ends with a whole record, and each further chunk is a new try.
 * - A file has one writer: it holds a lock (`flock`) on it. Another one waits for it a moment: `lockMs`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT` for bad options, for what is no regular file, and for a symbolic
 *   link that would have to be rotated; `IN_USE` while another writer has the file; `NOT_FOUND` without
 *   its folder; `PERMISSION`, `UNAVAILABLE`; `UNSUPPORTED` off Linux; the signal's reason
 *
 * @example
 * ```ts
 * import { openLogWriter } from "@taskio/logs";
 * import { readFileSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 *
 * const path = `${tmpdir()}/written-${process.pid}.log`;
 * {
 *   await using log = await openLogWriter(path, { maxSize: 10 << 20, maxFiles: 5, compress: true });
 *   await log.write("stdout", Buffer.from("hello\n"));
 *   console.log(log.lost.bytes); // 0
 * }
 * console.log(readFileSync(path, "utf8").endsWith(" stdout F hello\n")); // true
 * rmSync(path);
 * ```
 *
 * @example
 * The log of a task whose streams are FIFOs:
 * ```ts
 * import { withStreams } from "@taskio/core";
 * import { newCreator } from "@taskio/fifo";
 * import { openLogWriter } from "@taskio/logs";
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 *
 * const path = `${tmpdir()}/task-1-${process.pid}.log`;
 * {
 *   await using log = await openLogWriter(path);
 *   const create = newCreator(withStreams(undefined, log.sink("stdout"), log.sink("stderr")));
 *   await using io = await create("task-1");
 *   // start the task with io.config, and wait for its end: await io.wait()
 * }
 * rmSync(path);
 * ```
 */
export async function openLogWriter(
  path: string,
  options: LogWriterOptions = {},
): Promise<LogWriter> {
  const settings = logWriterSettings(path, options);
  const file = await openLiveFile(settings, options.signal);
  try {
    if (settings.maxSize < Infinity) recover(settings.path);
    return new FileLogWriter(settings, file);
  } catch (error) {
    file.close();
    throw error;
  }
}
