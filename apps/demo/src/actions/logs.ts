import { TaskIOError } from "@taskio/core";
import { logFormat, rawFormat, readLogs } from "@taskio/logs";
import { open } from "node:fs/promises";
import { print, tell } from "../cli/print.ts";
import { messageOf } from "../cli/report-error.ts";
import { awaitExit } from "../client/await-exit.ts";
import { type FoundTask, findTask } from "../client/find-task.ts";
import { keepHub } from "../client/keep-hub.ts";
import { labels } from "../client/labels.ts";
import { checkPlain, type LogQuery, parseLogQuery } from "../client/log-query.ts";
import { openRuntime, type Runtime } from "../client/open-runtime.ts";
import { orNone } from "../client/or-none.ts";
import { outputKind } from "../client/output-kind.ts";
import { ensureHub } from "../client/task-hub.ts";
import { untilBack } from "../client/until-back.ts";
import { untilLogged } from "../client/until-logged.ts";
import { whereOutputGoes } from "../client/where-output-goes.ts";
import type { LogsOptions } from "../commands/logs.ts";
import { LogPrinter } from "../foreground/log-printer.ts";
import { readLog } from "../foreground/read-log.ts";
import { untilWritten } from "../foreground/until-written.ts";
import { driverLogOf } from "../log-driver/driver-log.ts";

/** Prints what a task has written to its log or file. */
export async function logs(name: string, options: LogsOptions): Promise<number> {
  const query = parseLogQuery(options);
  await using runtime = await openRuntime(options);
  const found = await findTask(runtime, name);
  const log = logOf(runtime, found);
  if (log) {
    if (log.format === "raw") checkPlain(name, query);
    await printLog(runtime, found, { ...log, query });
    return 0;
  }
  const file = pathOf(found, runtime);
  checkPlain(name, query);
  await printFile(runtime, found, file, query);
  return 0;
}

interface Log {
  readonly path: string;
  readonly format: string;
  /** Where viewers of the task come. */
  readonly socket: string | undefined;
  readonly query: LogQuery;
}

/** What a hub or our own log driver writes. */
function logOf({ client }: Runtime, { id, container, status }: FoundTask) {
  const { [labels.log]: path, [labels.logFormat]: format } = container.labels;
  if (path !== undefined && format !== undefined) return { path, format, socket: undefined };
  return driverLogOf(status.config.stdout, { id, namespace: client.namespace });
}

/** What that has written, and writes. */
async function printLog(runtime: Runtime, found: FoundTask, log: Log): Promise<void> {
  const { path, format, socket, query } = log;
  if (socket === undefined) {
    await ensureHub(runtime, found).catch((error) => tell(messageOf(error))); // what is there is there
  }
  const hasEnded = found.status.state === "stopped";
  if (hasEnded) await untilLogged(runtime, found, socket);
  const { timestamps, ...selection } = query;
  const follow = query.follow && !hasEnded;
  const ended = follow ? untilAllLogged(runtime, found, socket) : undefined;
  using left = new DisposableStack();
  if (follow && socket === undefined) {
    const stop = new AbortController();
    left.defer(() => stop.abort());
    void keepHub(runtime, found, stop.signal);
  }
  await printRecords(path, { ...selection, format: logFormat(format), follow, ended }, timestamps);
}

/** Waits for the end of a task, and for what its hub writes then: another one where it was killed. */
async function untilAllLogged(
  runtime: Runtime,
  found: FoundTask,
  socket: string | undefined,
): Promise<void> {
  await untilEnd(runtime, found.id);
  const status = await orNone(runtime.client.tasks.get(found.id));
  if (status && socket === undefined) await ensureHub(runtime, { ...found, status });
  await untilLogged(runtime, found, socket);
}

/** What a runtime has written to a plain file, and writes. */
async function printFile(
  runtime: Runtime,
  found: FoundTask,
  path: string,
  { follow, tail }: LogQuery,
): Promise<void> {
  await using file = await open(path).catch((error) => {
    throw TaskIOError.from(error, "NOT_FOUND", `open the output of the task "${found.name}"`);
  });
  // On the embedded runtime a process has the file itself.
  const written = () => (runtime.embedded ? undefined : untilWritten(file.fd));
  const hasEnded = found.status.state === "stopped";
  const ended = follow
    ? untilEnd(runtime, found.id).then(written)
    : hasEnded
      ? written()
      : undefined;
  if (tail === undefined) {
    for await (const chunk of readLog(file, ended)) print(chunk);
    return;
  }
  if (!follow) await ended;
  await printRecords(path, { format: rawFormat, tail, follow, ended }, false);
}

async function printRecords(
  path: string,
  options: NonNullable<Parameters<typeof readLogs>[1]>,
  timestamps: boolean,
): Promise<void> {
  const printer = new LogPrinter({ timestamps });
  for await (const record of readLogs(path, { ...options, signal: printer.failed })) {
    printer.add(record);
  }
  printer.flush();
}

async function untilEnd(runtime: Runtime, id: string): Promise<void> {
  await awaitExit(runtime, await untilBack(runtime, () => runtime.client.loadTask(id)));
}

/** @throws TaskIOError `NOT_ATTACHABLE` where there is no file */
function pathOf(found: FoundTask, runtime: Runtime): string {
  const { config } = found.status;
  if (outputKind(config) === "file") {
    const { stdout } = config;
    return stdout.startsWith("/") ? stdout : decodeURIComponent(new URL(stdout).pathname);
  }
  const where = whereOutputGoes(found, runtime);
  throw new TaskIOError("NOT_ATTACHABLE", `the output of the task "${found.name}" ${where}`);
}
