import {
  type Attach,
  type ChunkSink,
  type ChunkSource,
  type Config,
  copyFromSource,
  copyToSink,
  type Creator,
  type IO,
  newConfig,
  newIO,
  newStreams,
  openSink,
  openSource,
  type Opt,
  type StreamName,
  type Streams,
  validateID,
} from "@taskio/core";
import fs from "node:fs";
import { join } from "node:path";
import { fdSink, fdSource } from "./fd-streams.ts";
import { openReader, openWriter } from "./fifo-ends.ts";

/** A FIFO backend without an engine: shows the suite what FIFOs and fds do. Not for use. */
export function pollingFifo(root: string) {
  return {
    newCreator(...opts: Opt[]): Creator {
      const streams = newStreams(...opts);
      return async (id, { signal } = {}) => {
        signal?.throwIfAborted();
        validateID(id);
        const open = openStreams(streams);
        let folder: string | undefined;
        try {
          const config = newConfig(streams, (name) =>
            join((folder ??= makeFolder(root)), `${id}-${name}`),
          );
          for (const path of Object.values(config))
            if (folder && `${path}`.startsWith(folder)) mkfifo(path);
          return copy(config, open, async () => remove(folder));
        } catch (error) {
          open.release();
          remove(folder);
          throw error;
        }
      };
    },
    newAttach(...opts: Opt[]): Attach {
      const streams = newStreams(...opts);
      return async (fifos, { signal } = {}) => {
        signal?.throwIfAborted();
        const open = openStreams(streams);
        try {
          return copy(fifos.config, open, () => fifos.close());
        } catch (error) {
          open.release();
          throw error;
        }
      };
    },
  };
}

interface OpenStreams {
  readonly stdin?: ChunkSource | undefined;
  readonly stdout?: ChunkSink | undefined;
  readonly stderr?: ChunkSink | undefined;
  release(): void;
}

function openStreams({ stdin, stdout, stderr }: Streams): OpenStreams {
  const opened: { release(): void }[] = [];
  const keep = <T extends { release(): void }>(stream: T): T => (opened.push(stream), stream);
  const sink = (value: Streams["stdout"], name: StreamName) => {
    if (value === undefined) return undefined;
    const open = openSink(value, name);
    return keep("fd" in open ? fdSink(open.fd, name) : open);
  };
  const source = () => {
    if (stdin === undefined) return undefined;
    const open = openSource(stdin, "stdin");
    return keep("fd" in open ? fdSource(open.fd, "stdin") : open);
  };
  const release = () => opened.forEach((stream) => stream.release());
  try {
    return {
      stdin: source(),
      stdout: sink(stdout, "stdout"),
      stderr: sink(stderr, "stderr"),
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}

function copy(config: Config, open: OpenStreams, close: () => Promise<void>): IO {
  const readers: { close(): void }[] = [];
  const output = (name: "stdout" | "stderr") => {
    const sink = open[name];
    if (!sink || !isWired(config[name])) return undefined;
    const reader = openReader(config[name]);
    readers.push(reader);
    return () => copyToSink(reader, sink);
  };
  try {
    const [stdout, stderr] = [output("stdout"), output("stderr")];
    const writer = open.stdin && isWired(config.stdin) ? openWriter(config.stdin) : undefined;
    const stdin = writer && copyFromSource(open.stdin!, writer);
    return newIO({ config, stdin, stdout: stdout?.(), stderr: stderr?.(), close });
  } catch (error) {
    for (const reader of readers) reader.close();
    throw error;
  }
}

function isWired(path: string): boolean {
  return path !== "" && path !== "/dev/null";
}

function makeFolder(root: string): string {
  return fs.mkdtempSync(join(root, "task-"));
}

function mkfifo(path: string): void {
  if (Bun.spawnSync(["mkfifo", "-m", "600", path]).exitCode !== 0)
    throw new Error(`no FIFO ${path}`);
}

function remove(folder: string | undefined): void {
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
}
