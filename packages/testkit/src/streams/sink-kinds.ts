import type { Sink } from "@taskio/core";
import fs, { constants } from "node:fs";
import { makeFile, makePipe } from "./make-pipe.ts";
import { NonblockingFD } from "./nonblocking-fd.ts";

const { O_APPEND, O_NONBLOCK, O_RDWR } = constants;

/** A sink with what it received. */
export interface OpenSink {
  readonly sink: Sink;
  /** Ends the sink, frees what it holds and gives all that it received. For once the copy has ended. */
  finish(): Promise<Uint8Array>;
}

/** A way to take output: each that the contract names is in {@link sinkKinds}. */
export interface SinkKind {
  readonly name: string;
  readonly needs?: "fds" | "webStreams";
  open(): OpenSink;
}

export const sinkKinds: readonly SinkKind[] = [
  { name: "a function", open: () => collecting((take) => (chunk) => take(chunk)) },
  {
    name: "an async function",
    open: () =>
      collecting((take) => async (chunk) => {
        await Promise.resolve();
        take(chunk);
      }),
  },
  {
    name: "a WritableStream",
    needs: "webStreams",
    open: () => collecting((take) => new WritableStream({ write: take })),
  },
  {
    name: "a WritableStream that queues",
    needs: "webStreams",
    open: () =>
      collecting((take) => {
        const write = (chunk: Uint8Array) => void setImmediate(take, chunk);
        return new WritableStream({ write }, { highWaterMark: 4 });
      }),
  },
  { name: "the fd of a file", needs: "fds", open: () => file(O_RDWR, (fd) => fd) },
  { name: "something with the fd of a file", needs: "fds", open: () => file(O_RDWR, withFD) },
  {
    name: "the fd of a file for appending",
    needs: "fds",
    open: () => file(O_RDWR | O_APPEND, (fd) => fd),
  },
  { name: "the fd of a pipe", needs: "fds", open: () => pipe(0) },
  { name: "the fd of a non-blocking pipe", needs: "fds", open: () => pipe(O_NONBLOCK) },
  { name: "the fd of a socket", needs: "fds", open: socket },
];

function collecting(make: (take: (chunk: Uint8Array) => void) => Sink): OpenSink {
  const chunks: Uint8Array[] = [];
  const sink = make((chunk) => void chunks.push(chunk));
  return {
    sink,
    async finish() {
      await new Promise((resolve) => setImmediate(resolve)); // the queue of a stream that queues
      return Buffer.concat(chunks);
    },
  };
}

function withFD(fd: number): { readonly fd: number } {
  return Object.freeze({ fd });
}

function file(flags: number, make: (fd: number) => Sink): OpenSink {
  const fd = makeFile(new Uint8Array(0), flags);
  return {
    sink: make(fd),
    async finish() {
      const content = Buffer.alloc(fs.fstatSync(fd).size);
      fs.readSync(fd, content, 0, content.length, 0);
      fs.closeSync(fd);
      return content;
    },
  };
}

function pipe(flags: number): OpenSink {
  const { reader, writer } = makePipe({ reader: O_NONBLOCK, writer: flags });
  const end = new NonblockingFD(reader);
  const received = Array.fromAsync(end.chunks());
  return {
    sink: writer,
    async finish() {
      fs.closeSync(writer);
      const chunks = await received;
      end.close();
      return Buffer.concat(chunks);
    },
  };
}

/** One end of a socket pair that Bun made; a process reads the other. */
function socket(): OpenSink {
  const reader = Bun.spawn(["sh", "-c", "cat <&3"], {
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  const fd = reader.stdio[3] as number;
  const received = new Response(reader.stdout).bytes();
  return {
    sink: { fd },
    async finish() {
      fs.closeSync(fd); // extra fds of a process are its parent's to close
      await reader.exited;
      return received;
    },
  };
}
