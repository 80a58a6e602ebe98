import type { Source } from "@taskio/core";
import fs, { constants } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFile, makePipe } from "./make-pipe.ts";
import { NonblockingFD } from "./nonblocking-fd.ts";

/** A source of given pieces. */
export interface OpenSource {
  readonly source: Source;
  /** Frees what the source holds. For once the copy has ended. */
  finish(): Promise<void>;
}

/** A way to give input: each that the contract names is in {@link sourceKinds}. */
export interface SourceKind {
  readonly name: string;
  readonly needs?: "fds" | "webStreams";
  open(pieces: readonly Uint8Array[]): OpenSource;
}

export const sourceKinds: readonly SourceKind[] = [
  { name: "a Uint8Array", open: (pieces) => held(Buffer.concat(pieces)) },
  { name: "a Blob", open: (pieces) => held(new Blob([Buffer.concat(pieces)])) },
  { name: "a Bun.file", open: bunFile },
  { name: "an async iterable", open: (pieces) => held(iterate(pieces)) },
  {
    name: "a ReadableStream",
    needs: "webStreams",
    open: (pieces) => held(stream(pieces)),
  },
  { name: "a ReadableStream of bytes", needs: "webStreams", open: (pieces) => held(bytes(pieces)) },
  {
    name: "the fd of a file",
    needs: "fds",
    open: (pieces) => {
      const fd = makeFile(Buffer.concat(pieces), constants.O_RDONLY);
      return { source: fd, finish: async () => fs.closeSync(fd) };
    },
  },
  { name: "the fd of a pipe", needs: "fds", open: (pieces) => pipe(pieces, 0) },
  {
    name: "something with the fd of a non-blocking pipe",
    needs: "fds",
    open: (pieces) => pipe(pieces, constants.O_NONBLOCK),
  },
];

function held(source: Source): OpenSource {
  return { source, finish: async () => {} };
}

async function* iterate(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    await Promise.resolve();
    yield piece;
  }
}

function stream(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const rest = pieces.values();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = rest.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

function bytes(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const rest = pieces.filter((piece) => piece.length > 0).values(); // such a stream takes no empty ones
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { done, value } = rest.next();
      if (done) controller.close();
      else controller.enqueue(Uint8Array.from(value)); // a copy: the stream takes the buffer away
    },
  });
}

function bunFile(pieces: readonly Uint8Array[]): OpenSource {
  const folder = fs.mkdtempSync(join(tmpdir(), "taskio-testkit-"));
  const path = join(folder, "source");
  fs.writeFileSync(path, Buffer.concat(pieces));
  return { source: Bun.file(path), finish: async () => fs.rmSync(folder, { recursive: true }) };
}

function pipe(pieces: readonly Uint8Array[], flags: number): OpenSource {
  const { reader, writer } = makePipe({ reader: flags, writer: constants.O_NONBLOCK });
  const end = new NonblockingFD(writer);
  const written = (async () => {
    for (const piece of pieces) await end.writeAll(piece);
    end.close();
  })();
  written.catch(() => {}); // a copy that was stopped early leaves some unwritten
  return {
    source: Object.freeze({ fd: reader }),
    async finish() {
      end.close();
      fs.closeSync(reader);
    },
  };
}
