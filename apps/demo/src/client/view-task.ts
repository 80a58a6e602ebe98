import { newFIFOSet, type Source, TaskIOError, withFIFODir, withStreams } from "@taskio/core";
import { newHubAttach, withHub } from "@taskio/hub";
import { commandLine } from "../cli/command-line.ts";
import type { FoundTask } from "./find-task.ts";
import { labels, set } from "./labels.ts";
import type { Runtime } from "./open-runtime.ts";
import { inUse } from "./refuse-second-reader.ts";
import { streamDirs } from "./stream-dirs.ts";
import { untilBack } from "./until-back.ts";
import { ViewedTask } from "./viewed-task.ts";

/** How to view a task. */
export interface ViewTaskOptions {
  /** For its stdin; without it that is left to others. */
  readonly source: Source | undefined;
  /** Of a hub that the task's Config does not tell. */
  readonly socket: string | undefined;
  /** Told of bytes that were left out. */
  readonly onMissed: (bytes: number) => void;
}

/**
 * Attaches to the streams of a task by its hub.
 *
 * @throws TaskIOError `IN_USE`, `CLOSED` about its stdin
 */
export async function viewTask(
  runtime: Runtime,
  found: FoundTask,
  { source, socket, onMissed }: ViewTaskOptions,
): Promise<ViewedTask> {
  const { id, container, status } = found;
  const attach = newHubAttach(
    withStreams(source, 1, 2),
    withFIFODir(streamDirs(runtime).fifoDir),
    withHub({
      readOnly: source === undefined,
      keepStdinOpen: container.labels[labels.stdinOnce] !== set,
      socket,
      onMissed: ({ bytes }) => onMissed(bytes),
    }),
  );
  const task = await untilBack(runtime, () => runtime.client.loadTask(id));
  try {
    const io = await attach(newFIFOSet(status.config));
    return new ViewedTask(task, io, (error) => lost(found, error, runtime));
  } catch (error) {
    throw inWords(found, error);
  }
}

function lost({ name }: FoundTask, cause: TaskIOError, { options }: Runtime): TaskIOError {
  const back = commandLine(options)(`attach ${name}`);
  const message = `the hub of the task "${name}" was ended, the task may go on, come back with ${back}`;
  return new TaskIOError("ENGINE_FAILED", message, { cause });
}

function inWords(found: FoundTask, error: unknown): unknown {
  if (!(error instanceof TaskIOError)) return error;
  if (error.code === "IN_USE") {
    return inUse(found, "one at a time has its stdin, look on with --read-only", error);
  }
  if (error.code !== "CLOSED") return error;
  const message = `the stdin of the task "${found.name}" was ended: look on with --read-only`;
  return new TaskIOError("CLOSED", message, { cause: error });
}
