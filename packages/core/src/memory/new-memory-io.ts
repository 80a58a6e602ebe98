import type { Attach } from "../attach.ts";
import type { Config, StreamName } from "../config.ts";
import type { Copy } from "../copy.ts";
import { copyFromSource } from "../copy-from-source.ts";
import { copyToSink } from "../copy-to-sink.ts";
import type { Creator } from "../creator.ts";
import { TaskIOError } from "../error.ts";
import type { IO } from "../io.ts";
import { isWired } from "../is-wired.ts";
import { newConfig } from "../new-config.ts";
import { newIO } from "../new-io.ts";
import { newStreams } from "../new-streams.ts";
import { openSink } from "../open-sink.ts";
import { openSource } from "../open-source.ts";
import type { Opt } from "../opt.ts";
import type { Streams } from "../streams.ts";
import { validateID } from "../validate-id.ts";
import { MemoryTask } from "./memory-task.ts";

/** Tasks whose streams are in memory: see {@link newMemoryIO}. */
export interface MemoryIO {
  /** As a backend's `newCreator`. */
  newCreator(...opts: Opt[]): Creator;
  /** As a backend's `newAttach`; takes the config of a task that the creator made. */
  newAttach(...opts: Opt[]): Attach;
  /** The other side of the streams that the creator made for `id`. Throws `NOT_FOUND`. */
  task(id: string): MemoryTask;
}

/**
 * A Creator and Attach in memory, for tests of programs that use taskio: no FIFO, no process, any
 * platform. Streams behave as FIFOs held by a runtime do: 64 KiB are kept, writers wait, a detached
 * task's output is there for the next attach, and a second reader is refused. Fds are not taken
 * (`UNSUPPORTED`).
 *
 * @example
 * ```ts
 * import { newMemoryIO, withStreams } from "@taskio/core";
 *
 * const memory = newMemoryIO();
 * const create = memory.newCreator(withStreams(undefined, (chunk) => console.log(chunk.length)));
 * await using io = await create("task-1");
 * await memory.task("task-1").write("stdout", "hello");
 * memory.task("task-1").exit();
 * console.log((await io.wait()).stdout?.bytes); // 5
 * ```
 */
export function newMemoryIO(): MemoryIO {
  const tasks = new Map<string, MemoryTask>();
  return {
    newCreator(...opts) {
      const streams = newStreams(...opts);
      return async (id, { signal } = {}) => {
        signal?.throwIfAborted();
        validateID(id);
        if (tasks.has(id))
          throw new TaskIOError("IN_USE", `a task "${id}" exists: choose another id`);
        const task = new MemoryTask(newConfig(streams, (name) => `memory:${id}-${name}`));
        const io = copyStreams(task, streams, async () => void tasks.delete(id));
        tasks.set(id, task);
        return io;
      };
    },
    newAttach(...opts) {
      const streams = newStreams(...opts);
      return async (fifos, { signal } = {}) => {
        signal?.throwIfAborted();
        return copyStreams(taskOf(fifos.config), streams, () => fifos.close());
      };
    },
    task(id) {
      const task = tasks.get(id);
      if (task) return task;
      throw new TaskIOError("NOT_FOUND", `no task "${id}" in memory: create its streams first`);
    },
  };

  function taskOf(config: Config): MemoryTask {
    const wired = [config.stdin, config.stdout, config.stderr].find(isWired);
    for (const task of tasks.values()) {
      const { stdin, stdout, stderr } = task.config;
      if (wired !== undefined && [stdin, stdout, stderr].includes(wired)) return task;
    }
    throw new TaskIOError("NOT_FOUND", `no task with the stream "${wired ?? ""}" in memory`);
  }
}

function copyStreams(task: MemoryTask, streams: Streams, close: () => Promise<void>): IO {
  const { config, pipes } = task;
  const undo: (() => void)[] = [];
  try {
    const open = (["stdout", "stderr"] as const).map((name) => {
      if (streams[name] === undefined || !isWired(config[name])) return undefined;
      const sink = chunks(openSink(streams[name], name), name);
      undo.push(() => sink.release());
      const reader = pipes[name].openReader(config[name]);
      undo.push(() => reader.close());
      return () => copyToSink(reader, sink);
    });
    const stdin = openStdin(task, streams);
    const [stdout, stderr] = open.map((start) => start?.());
    return newIO({ config, stdin: stdin?.(), stdout, stderr, close });
  } catch (error) {
    for (const free of undo.reverse()) free();
    throw error;
  }
}

function openStdin({ config, pipes }: MemoryTask, { stdin }: Streams): (() => Copy) | undefined {
  if (stdin === undefined || !config.stdin) return undefined;
  const source = chunks(openSource(stdin, "stdin"), "stdin");
  return () => copyFromSource(source, pipes.stdin.openWriter(config.stdin));
}

function chunks<T extends object>(stream: T | { readonly fd: number }, name: StreamName): T {
  if (!("fd" in stream)) return stream;
  throw new TaskIOError(
    "UNSUPPORTED",
    `fd ${stream.fd} as ${name}: streams in memory take no fds, give a function or a web stream`,
  );
}
