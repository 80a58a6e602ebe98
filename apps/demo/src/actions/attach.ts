import type { Task } from "@taskio/containerd";
import { type IO, isWired, type Source, TaskIOError, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { parseDetachKeys } from "@taskio/terminal";
import { existsSync } from "node:fs";
import { commandLine } from "../cli/command-line.ts";
import { tell } from "../cli/print.ts";
import type { FoundTask } from "../client/find-task.ts";
import { answers } from "../client/hub-state.ts";
import { labels, set } from "../client/labels.ts";
import { openRuntime, type Runtime } from "../client/open-runtime.ts";
import { outputKind } from "../client/output-kind.ts";
import { inUse, refuseSecondReader } from "../client/refuse-second-reader.ts";
import { cleanUp } from "../client/remove-task.ts";
import { ensureHub } from "../client/task-hub.ts";
import { untilStarted } from "../client/until-started.ts";
import { viewTask } from "../client/view-task.ts";
import { whereOutputGoes } from "../client/where-output-goes.ts";
import type { AttachOptions } from "../commands/attach.ts";
import { type End, follow } from "../foreground/follow.ts";
import { MissedBytes } from "../foreground/missed-bytes.ts";
import { sayDetached } from "../foreground/say-detached.ts";
import { TaskInput } from "../foreground/task-input.ts";
import { driverLogOf } from "../log-driver/driver-log.ts";

/** Connects to the streams of a task, until it ends or is left again. */
export async function attach(name: string, options: AttachOptions): Promise<number> {
  const { detachKeys, sigProxy, readOnly = false } = options;
  if (detachKeys !== undefined) parseDetachKeys(detachKeys);
  await using runtime = await openRuntime(options);
  const found = await untilStarted(runtime, name);
  const socket = await driverSocket(found, runtime);
  if (socket === undefined) checkStreams(found, runtime);
  const { config, state } = found.status;
  const hasHub = socket !== undefined || (await ensureHub(runtime, found));
  if (!hasHub) await refuseSecondReader(runtime, found);
  const connects = options.stdin && !readOnly && isWired(config.stdin);
  const interactive = connects && state !== "stopped";
  using input = new TaskInput({ interactive, terminal: config.terminal, detachKeys });
  input.enter();
  const missed = new MissedBytes();
  const { source } = input;
  const task = await (hasHub
    ? viewTask(runtime, found, { source, socket, onMissed: missed.add })
    : load(runtime, found, source));
  if (typeof task === "number") return task;
  const end = await follow(task, {
    runtime,
    input,
    sigProxy: sigProxy && !readOnly,
    endStdin: !hasHub && found.container.labels[labels.stdinOnce] === set,
    resizes: !readOnly && (connects || !isWired(config.stdin) || !hasHub),
  });
  const { io } = task;
  await task.detach();
  missed.tell(name, commandLine(runtime.options));
  const isGone = !hasHub && state === "stopped" && !runtime.embedded;
  if (isGone && (await nothingCame(io))) tellGone(found, runtime);
  await afterwards(found, end, runtime);
  return end.exitCode;
}

async function afterwards({ id, name, container }: FoundTask, { why }: End, runtime: Runtime) {
  if (why === "detached") sayDetached(name, runtime.options);
  else if (why === "exited" && container.labels[labels.autoRemove] === set) {
    await cleanUp(runtime.client, id);
  }
}

/** The task with its streams, or its exit code where it has ended and nothing is left of them. */
async function load(
  runtime: Runtime,
  found: FoundTask,
  source: Source | undefined,
): Promise<Task | number> {
  const { client } = runtime;
  const { id, container } = found;
  const attach = newAttach(withStreams(source, 1, 2));
  const keepStdinOpen = container.labels[labels.stdinOnce] !== set;
  try {
    return await client.loadTask(id, { attach, keepStdinOpen });
  } catch (error) {
    if (!(error instanceof TaskIOError)) throw error;
    if (error.code === "IN_USE") throw inUse(found, undefined, error);
    if (!isGone(error, found)) throw error;
    const { exit } = await client.tasks.get(id); // it may have ended just now
    if (!exit) throw error;
    tellGone(found, runtime);
    return exit.exitCode;
  }
}

/** Of a task that has ended: nobody holds its FIFOs, or somebody has removed them. */
function isGone({ code }: TaskIOError, { status: { config } }: FoundTask): boolean {
  if (code !== "NOT_FOUND") return code === "NOT_ATTACHABLE";
  return ![config.stdout, config.stderr].filter(isWired).some((path) => existsSync(path));
}

/** Where it can't be seen who holds a FIFO, it is read: without a writer it is at its end at once. */
async function nothingCame(io: IO): Promise<boolean> {
  const { stdout, stderr } = await io.wait();
  const outputs = [stdout, stderr].filter((one) => one !== undefined);
  return outputs.every(({ bytes, end }) => bytes === 0 && end === "eof");
}

function tellGone({ name, container, status }: FoundTask, { options }: Runtime): void {
  if (outputKind(status.config) === "none") return;
  const why =
    container.labels[labels.hub] === set
      ? `so has its hub: see its output with ${commandLine(options)(`logs ${name}`)}`
      : "nothing is left of its output: nobody holds what was not read by then";
  tell(`the task "${name}" has ended and ${why}`);
}

/** Where our own log driver shows the output of a task that has it for its logger. */
async function driverSocket(
  { id, status }: FoundTask,
  { client }: Runtime,
): Promise<string | undefined> {
  const log = driverLogOf(status.config.stdout, { id, namespace: client.namespace });
  return log && (await answers(log.socket)) ? log.socket : undefined;
}

/** @throws TaskIOError `NOT_ATTACHABLE` that says where the output is instead */
function checkStreams(found: FoundTask, runtime: Runtime): void {
  const { name, status } = found;
  const kind = outputKind(status.config);
  if (status.state === "created") {
    const rm = commandLine(runtime.options)(`rm ${name}`);
    throw refused(
      `the task "${name}" is not started yet: try again, or remove it with ${rm} where nobody starts it`,
    );
  }
  if (kind === "fifo" || kind === "terminal") return;
  if (kind === "none" && isWired(status.config.stdin)) return;
  if (kind === "none")
    throw refused(`the task "${name}" has no streams: its output is thrown away`);
  throw refused(`the output of the task "${name}" ${whereOutputGoes(found, runtime)}`);
}

function refused(message: string): TaskIOError {
  return new TaskIOError("NOT_ATTACHABLE", message);
}
