import { type Config, type Copy, type IO, newIO, type Opt, type StreamResult } from "@taskio/core";
import type { HeldStreams } from "../../src/index.ts";
import { openReader, openWriter } from "./fifo-ends.ts";
import { pollingFifo } from "./polling-fifo.ts";

/** A backend without an engine that gives the caller the streams: shows what `heldStreams` means. */
export function heldFifo(root: string) {
  const fifos = pollingFifo(root);
  const held = new WeakMap<IO, HeldStreams>();
  const hold = (config: Config, close: () => Promise<void>): IO => {
    const [stdout, stderr] = [readable(config.stdout), readable(config.stderr)];
    const stdin = writable(config.stdin);
    const io = newIO({
      config,
      stdin: stdin?.copy,
      stdout: stdout?.copy,
      stderr: stderr?.copy,
      close,
    });
    held.set(io, { stdin: stdin?.stream, stdout: stdout?.stream, stderr: stderr?.stream });
    return io;
  };
  return {
    held: (io: IO): HeldStreams => held.get(io)!,
    newCreator(...opts: Opt[]) {
      const create = fifos.newCreator(...opts);
      return async (id: string, options?: { signal?: AbortSignal }) => {
        const io = await create(id, options);
        io.cancel(); // keeps the paths, which is all that is wanted of it
        await Promise.all([io.wait(), io.stdinDone]);
        return hold(io.config, () => io.close());
      };
    },
    newAttach() {
      return async (set: { config: Config; close(): Promise<void> }) =>
        hold(set.config, () => set.close());
    },
  };
}

function newCopy(free: () => void): Copy & { count(bytes: number): void; end(): void } {
  const { promise, resolve } = Promise.withResolvers<StreamResult>();
  let bytes = 0;
  let ended = false;
  const finish = (end: "eof" | "stopped") => {
    if (ended) return;
    ended = true;
    free();
    resolve({ bytes, discarded: 0, unacknowledged: 0, end });
  };
  return {
    done: promise,
    stop: () => finish("stopped"),
    end: () => finish("eof"),
    count: (more) => void (bytes += more),
  };
}

function readable(path: string) {
  if (path === "" || path === "/dev/null") return undefined;
  const reader = openReader(path);
  let stopped = false;
  const copy = newCopy(() => {
    stopped = true;
    reader.close();
  });
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (; !stopped; await reader.readable()) {
          const chunk = reader.read();
          if (chunk === "empty") continue;
          if (chunk === "eof") {
            copy.end();
            break;
          }
          copy.count(chunk.length);
          return controller.enqueue(chunk);
        }
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { copy, stream };
}

function writable(path: string) {
  if (path === "") return undefined;
  const writer = openWriter(path);
  let stopped = false;
  const copy = newCopy(() => {
    stopped = true;
    writer.close();
  });
  const stream = new WritableStream<Uint8Array>({
    async write(chunk) {
      for (let rest = chunk; rest.length > 0 && !stopped;) {
        await writer.writable();
        if (stopped) return;
        const written = writer.write(rest);
        copy.count(written);
        rest = rest.subarray(written);
      }
    },
    close: () => copy.end(),
  });
  return { copy, stream };
}
