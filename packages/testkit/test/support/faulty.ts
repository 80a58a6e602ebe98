// The suite over newMemoryIO with one fault: named by $FAULT, `none` for no fault.
import { type Creator, type IO, newMemoryIO, newStreams, type Opt, type Sink } from "@taskio/core";
import { closeSync, openSync } from "node:fs";
import { memoryPeer, testCreator } from "../../src/index.ts";

type SinkFunction = (chunk: Uint8Array) => void | Promise<void>;

const fault = process.env.FAULT ?? "";
let memory = newMemoryIO();
const leaked: number[] = [];

/** Changes stdout where it is a function. */
function withStdout(opts: Opt[], change: (sink: SinkFunction) => Sink): Opt[] {
  return [
    ...opts,
    (streams) => {
      if (typeof streams.stdout === "function") streams.stdout = change(streams.stdout);
    },
  ];
}

/** An IO without a working cancel(). */
function withoutCancel(io: IO): IO {
  return {
    config: io.config,
    stdinDone: io.stdinDone,
    wait: (options) => io.wait(options),
    cancel() {},
    detach: () => io.detach(),
    close: () => io.close(),
    [Symbol.asyncDispose]: () => io.close(),
  };
}

const creators: Record<string, (opts: Opt[]) => Creator> = {
  "reuses its buffer": (opts) => {
    const buffer = new Uint8Array(65_536);
    return memory.newCreator(
      ...withStdout(opts, (sink) => (chunk) => {
        buffer.set(chunk);
        return sink(buffer.subarray(0, chunk.length));
      }),
    );
  },
  "drops what a failing sink leaves": (opts) => {
    let io: IO | undefined;
    const create = memory.newCreator(
      ...withStdout(opts, (sink) => async (chunk) => {
        try {
          await sink(chunk);
        } catch (error) {
          io?.cancel();
          throw error;
        }
      }),
    );
    return async (id, options) => (io = await create(id, options));
  },
  "does not cancel": (opts) => async (id, options) =>
    withoutCancel(await memory.newCreator(...opts)(id, options)),
  "leaves an fd open": (opts) => async (id, options) => {
    leaked.push(openSync("/dev/zero", "r"));
    return memory.newCreator(...opts)(id, options);
  },
  "does not look at ids": (opts) => {
    const create = memory.newCreator(...opts);
    return (id, options) => create(`${id}`.replace(/\W/g, "x") || "x", options);
  },
  "closes the caller's stream": (opts) => async (id, options) => {
    const io = await memory.newCreator(...opts)(id, options);
    const { stdout } = newStreams(...opts);
    if (stdout instanceof WritableStream) void io.wait().then(() => stdout.close());
    return io;
  },
};

testCreator({
  name: "faulty",
  capabilities: {
    copies: true,
    stdin: true,
    webStreams: true,
    attach: true,
    oneReader: true,
    terminal: true,
  },
  async setUp() {
    memory = newMemoryIO();
    return {
      newCreator: (...opts) => (creators[fault] ?? ((all) => memory.newCreator(...all)))(opts),
      newAttach(...opts) {
        if (fault === "loses a chunk at attach") {
          let first = true;
          const lossy = withStdout(opts, (sink) => (chunk) => {
            if (!first) return sink(chunk);
            first = false;
          });
          return memory.newAttach(...lossy);
        }
        if (fault === "lets two readers in") {
          const attach = memory.newAttach(...opts);
          return (fifos, options) =>
            attach(fifos, options).catch(() => memory.newCreator()("second"));
        }
        return memory.newAttach(...opts);
      },
      peer: (_, id) => memoryPeer(memory.task(id)),
      async [Symbol.asyncDispose]() {
        for (const fd of leaked.splice(0)) closeSync(fd);
      },
    };
  },
});
