import type { Task } from "@taskio/containerd";
import { isWired, type Source, TaskIOError, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { parseDetachKeys } from "@taskio/terminal";
import { existsSync } from "node:fs";
import { commandLine } from "../cli/command-line.ts";
import { tell } from "../cli/print.ts";
import type { FoundTask } from "../client/find-task.ts";
import { labels, set } from "../client/labels.ts";
import { openRuntime, type Runtime } from "../client/open-runtime.ts";
import { outputKind } from "../client/output-kind.ts";
import { inUse, refuseSecondReader } from "../client/refuse-second-reader.ts";
import { cleanUp } from "../client/remove-task.ts";
import { untilStarted } from "../client/until-started.ts";
import { whereOutputGoes } from "../client/where-output-goes.ts";
import type { AttachOptions } from "../commands/attach.ts";
import { follow } from "../foreground/follow.ts";
import { sayDetached } from "../foreground/say-detached.ts";
import { TaskInput } from "../foreground/task-input.ts";

/** Connects to the streams of a task, until it ends or is left again. */
export async function attach(name: string, options: AttachOptions): Promise<number> {
  const { detachKeys, sigProxy } = options;
  if (detachKeys !== undefined) parseDetachKeys(detachKeys);
  await using runtime = await openRuntime(options);
  const found = await untilStarted(runtime, name);
  const { id, container, status } = found;
  checkStreams(found, runtime);
  await refuseSecondReader(runtime, found);
  const { config, state } = status;
  const interactive = options.stdin && isWired(config.stdin) && state !== "stopped";
  using input = new TaskInput({ interactive, terminal: config.terminal, detachKeys });
  input.enter();
  const task = await load(runtime, found, input.source);
  if (typeof task === "number") return task;
  const endStdin = container.labels[labels.stdinOnce] === set;
  const end = await follow(task, { runtime, input, sigProxy, endStdin });
  await task.detach();
  if (state === "stopped" && !runtime.embedded && (await nothingCame(task))) tellGone(found);
  if (end.why === "detached") sayDetached(name, options);
  else if (end.why === "exited" && container.labels[labels.autoRemove] === set) {
    await cleanUp(runtime.client, id);
  }
  return end.exitCode;
}

/** The task with its streams, or its exit code where it has ended and nothing is left of them. */
async function load(
  { client }: Runtime,
  found: FoundTask,
  source: Source | undefined,
): Promise<Task | number> {
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
    tellGone(found);
    return exit.exitCode;
  }
}

/** Of a task that has ended: nobody holds its FIFOs, or somebody has removed them. */
function isGone({ code }: TaskIOError, { status: { config } }: FoundTask): boolean {
  if (code !== "NOT_FOUND") return code === "NOT_ATTACHABLE";
  return ![config.stdout, config.stderr].filter(isWired).some((path) => existsSync(path));
}

/** Where it can't be seen who holds a FIFO, it is read: without a writer it is at its end at once. */
async function nothingCame({ io }: Task): Promise<boolean> {
  const { stdout, stderr } = await io.wait();
  const outputs = [stdout, stderr].filter((one) => one !== undefined);
  return outputs.every(({ bytes, end }) => bytes === 0 && end === "eof");
}

function tellGone({ name, status }: FoundTask): void {
  if (outputKind(status.config) === "none") return;
  tell(
    `the task "${name}" has ended and nothing is left of its output: ` +
      "nobody holds what was not read by then",
  );
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
