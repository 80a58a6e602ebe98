import { type Sink, type Source, withFIFODir, withStreams } from "@taskio/core";
import { tempFolder } from "@taskio/test-support";
import { spawnTask } from "@taskio/testkit";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { newCreator } from "../src/index.ts";
import { pipe } from "../src/pipe.ts";
import { withoutLeaks } from "./support/leaks.ts";

// Any bytes, in any split, through any source and sink kind, arrive equal.

interface Given<T> {
  readonly stream: T;
  /** For a sink, what it got. */
  readonly result?: () => Uint8Array;
  free(): void;
}

type Chunks = readonly Uint8Array[];

const sources: Record<string, (chunks: Chunks, file: string) => Given<Source>> = {
  bytes: (chunks) => ({ stream: Buffer.concat(chunks), free() {} }),
  Blob: (chunks) => ({ stream: new Blob([Buffer.concat(chunks)]), free() {} }),
  "async iterable": (chunks) => ({
    stream: (async function* () {
      for (const chunk of chunks) {
        if (chunk.length % 2 === 0) await Bun.sleep(0);
        yield chunk;
      }
    })(),
    free() {},
  }),
  ReadableStream: (chunks) => ({
    stream: new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    }),
    free() {},
  }),
  file(chunks, file) {
    writeFileSync(file, Buffer.concat(chunks));
    const fd = openSync(file, "r");
    return { stream: { fd }, free: () => closeSync(fd) };
  },
  pipe(chunks) {
    const [readEnd, writeEnd] = pipe();
    const child = Bun.spawn(["cat"], { stdin: "pipe", stdout: writeEnd });
    for (const chunk of chunks) child.stdin.write(chunk);
    void child.stdin.end();
    closeSync(writeEnd);
    return { stream: readEnd, free: () => closeSync(readEnd) };
  },
};

const sinks: Record<string, (file: string) => Given<Sink>> = {
  function() {
    const pieces: Uint8Array[] = [];
    const stream = (chunk: Uint8Array) => void pieces.push(chunk);
    return { stream, result: () => Buffer.concat(pieces), free() {} };
  },
  "async function"() {
    const pieces: Uint8Array[] = [];
    const stream = async (chunk: Uint8Array) => {
      await Bun.sleep(0);
      pieces.push(chunk);
    };
    return { stream, result: () => Buffer.concat(pieces), free() {} };
  },
  WritableStream() {
    const pieces: Uint8Array[] = [];
    const stream = new WritableStream<Uint8Array>({ write: (chunk) => void pieces.push(chunk) });
    return { stream, result: () => Buffer.concat(pieces), free() {} };
  },
  file: (file) => fileSink(file, "w"),
  "append file": (file) => fileSink(file, "a"),
};

function fileSink(file: string, flags: string): Given<Sink> {
  writeFileSync(file, "");
  const fd = openSync(file, flags);
  return { stream: fd, result: () => readFileSync(file), free: () => closeSync(fd) };
}

const chunks = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.nat(200_000).map((size) => new Uint8Array(size).map((_, i) => (i * 31 + size) & 255)),
  ),
  { maxLength: 8 },
);

test.each(Object.keys(sources))("from a %s into every kind of sink, by way of a process", (kind) =>
  withoutLeaks(async (dir) => {
    using folder = tempFolder();
    const property = fc.asyncProperty(
      chunks,
      fc.constantFrom(...Object.keys(sinks)),
      async (chunks, sinkKind) => {
        const source = sources[kind]!(chunks, folder.file("in"));
        const sink = sinks[sinkKind]!(folder.file("out"));
        const create = newCreator(withStreams(source.stream, sink.stream), withFIFODir(dir));
        await using io = await create("t");
        await using task = spawnTask(io.config, ["cat"]);
        const stdin = await io.stdinDone;
        task.closeIO();
        const { stdout } = await io.wait();
        const sent = Buffer.concat(chunks);
        expect(Buffer.compare(sink.result!(), sent)).toBe(0);
        expect(stdin).toEqual({ bytes: sent.length, discarded: 0, unacknowledged: 0, end: "eof" });
        expect(stdout).toEqual({ bytes: sent.length, discarded: 0, unacknowledged: 0, end: "eof" });
        await task.exited;
        source.free();
        sink.free();
      },
    );
    await fc.assert(property, { numRuns: 40, endOnFailure: true });
  }),
);

test("a chunk is the sink's to keep and to transfer", () =>
  withoutLeaks(async (dir) => {
    const moved: ArrayBuffer[] = [];
    const sink = (chunk: Uint8Array) => {
      const { byteOffset, byteLength } = chunk;
      const buffer = structuredClone(chunk.buffer as ArrayBuffer, {
        transfer: [chunk.buffer as ArrayBuffer],
      });
      moved.push(buffer.slice(byteOffset, byteOffset + byteLength));
    };
    await using io = await newCreator(withStreams(undefined, sink), withFIFODir(dir))("t");
    await using task = spawnTask(io.config, [
      "sh",
      "-c",
      "echo a; sleep 0.01; seq 1 100000; echo b",
    ]);
    const { stdout } = await io.wait();
    const text = Buffer.concat(moved.map((buffer) => new Uint8Array(buffer))).toString();
    expect(text.length).toBe(stdout!.bytes);
    expect(text.startsWith("a\n1\n2\n")).toBe(true);
    expect(text.endsWith("100000\nb\n")).toBe(true);
    await task.exited;
  }));
