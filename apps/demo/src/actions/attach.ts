import { type Client, type ProcessStatus, type Task } from "@taskio/containerd";
import { isWired, type Source, TaskIOError, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { parseDetachKeys } from "@taskio/terminal";
import { type FoundTask, findTask } from "../client/find-task.ts";
import { labels, set } from "../client/labels.ts";
import { openRuntime } from "../client/open-runtime.ts";
import { cleanUp } from "../client/remove-task.ts";
import type { AttachOptions } from "../commands/attach.ts";
import { follow } from "../foreground/follow.ts";
import { sayDetached } from "../foreground/say-detached.ts";
import { TaskInput } from "../foreground/task-input.ts";

/** Connects to the streams of a task, until it ends or is left again. */
export async function attach(id: string, options: AttachOptions): Promise<number> {
  const { detachKeys, sigProxy } = options;
  if (detachKeys !== undefined) parseDetachKeys(detachKeys);
  await using runtime = await openRuntime(options);
  const { client } = runtime;
  const found = await findTask(client, id);
  const { container, status } = found;
  checkStreams(id, status);
  const { config, state } = status;
  const interactive = options.stdin && isWired(config.stdin) && state !== "stopped";
  using input = new TaskInput({ interactive, terminal: config.terminal, detachKeys });
  input.enter();
  const task = await load(client, found, input.source);
  if (typeof task === "number") return task;
  const end = await follow(task, { input, start: false, sigProxy });
  await task.detach();
  if (end.why === "detached") sayDetached(id, options);
  else if (end.why === "exited" && container.labels[labels.autoRemove] === set) {
    await cleanUp(client, id);
  }
  return end.exitCode;
}

/** The task with its streams, or its exit code where it has ended and nothing is left of them. */
async function load(
  client: Client,
  { container, status }: FoundTask,
  source: Source | undefined,
): Promise<Task | number> {
  const { id } = container;
  const attach = newAttach(withStreams(source, 1, 2));
  const keepStdinOpen = container.labels[labels.stdinOnce] !== set;
  try {
    return await client.loadTask(id, { attach, keepStdinOpen });
  } catch (error) {
    const code = error instanceof TaskIOError ? error.code : undefined;
    if (code === "NOT_ATTACHABLE" && status.exit) return status.exit.exitCode;
    if (code === "IN_USE") throw inUse(id, error);
    throw error;
  }
}

/** @throws TaskIOError `NOT_ATTACHABLE` that says where the output is instead */
function checkStreams(id: string, { config: { stdout, stdin }, state }: ProcessStatus): void {
  if (state === "created") {
    throw refused(`the task "${id}" was never started: remove it with "taskio rm ${id}"`);
  }
  const scheme = /^[a-z0-9.+-]+:\/\//i.exec(stdout)?.[0];
  if (scheme === "file://") {
    throw refused(`the output of the task "${id}" goes to a file: see it with "taskio logs ${id}"`);
  }
  if (scheme) throw refused(`the output of the task "${id}" goes to a ${scheme} stream`);
  if (isWired(stdout) || isWired(stdin)) return;
  throw refused(`the task "${id}" has no streams: its output is thrown away`);
}

function inUse(id: string, cause: unknown): TaskIOError {
  const message = `somebody else is attached to the task "${id}": one at a time`;
  return new TaskIOError("IN_USE", message, { cause });
}

function refused(message: string): TaskIOError {
  return new TaskIOError("NOT_ATTACHABLE", message);
}
