import { describe, expect, test } from "bun:test";
import { type ChunkSink, copyToSink, openSink, type Sink, TaskIOError } from "../src/index.ts";
import { counted, text, utf8 } from "./support/bytes.ts";
import { FakeReader } from "./support/fake-reader.ts";
import { thrown } from "./support/thrown.ts";

function chunkSink(sink: Sink): ChunkSink {
  const opened = openSink(sink, "stdout");
  if ("fd" in opened) throw new Error("the sink is an fd");
  return opened;
}

describe("a sink", () => {
  test("that is an fd, or has one, is given back as that", () => {
    expect(openSink(1, "stdout")).toEqual({ fd: 1 });
    expect(openSink({ fd: 7 }, "stdout")).toEqual({ fd: 7 });
    expect(openSink(process.stderr, "stdout")).toEqual({ fd: 2 });
  });

  test("that is a function gets the chunks themselves", async () => {
    const chunk = utf8("abc");
    const got: Uint8Array[] = [];
    await chunkSink((given) => void got.push(given)).write(chunk);
    expect(got[0]).toBe(chunk);
  });

  const invalid: [string, unknown, string][] = [
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["text", "/tmp/out", '"/tmp/out"'],
    ["a negative number", -1, "-1"],
    ["a fraction", 1.5, "1.5"],
    ["NaN", NaN, "NaN"],
    ["a number that no fd can be", 2 ** 31, "2147483648"],
    ["an fd that is no number", { fd: null }, "Object"],
    ["a readable stream", new Blob([]).stream(), "ReadableStream"],
    ["an array", [], "Array"],
  ];
  test.each(invalid)("that is %s is refused by name", (_, sink, shown) => {
    const error = thrown(() => openSink(sink as Sink, "stderr"));
    expect(error).toBeInstanceOf(TaskIOError);
    expect(error).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: `invalid stderr sink ${shown}: give an fd, a WritableStream or a function`,
    });
  });
});

describe("a web stream as a sink", () => {
  function collecting(write: (chunk: Uint8Array) => void | Promise<void> = () => {}) {
    const chunks: Uint8Array[] = [];
    let closed = false;
    const stream = new WritableStream<Uint8Array>({
      async write(chunk) {
        chunks.push(chunk);
        await write(chunk);
      },
      close: () => void (closed = true),
      abort: () => void (closed = true),
    });
    return { stream, chunks, isClosed: () => closed };
  }

  test("that is locked is refused, and stays as it is", async () => {
    const { stream, chunks } = collecting();
    const writer = stream.getWriter();
    expect(thrown(() => openSink(stream, "stdout"))).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: "the stdout sink is locked: release its writer first",
    });
    await writer.write(utf8("a"));
    expect(text(chunks)).toBe("a");
  });

  test("is locked while it is open, and given back unclosed", async () => {
    const { stream, chunks, isClosed } = collecting();
    const copy = copyToSink(new FakeReader(utf8("ab"), utf8("c"), "eof"), chunkSink(stream));
    expect(stream.locked).toBe(true);
    expect(await copy.done).toMatchObject({ bytes: 3, unacknowledged: 0, end: "eof" });
    expect(text(chunks)).toBe("abc");
    expect([stream.locked, isClosed()]).toEqual([false, false]);
  });

  test("has one chunk at a time", async () => {
    let writing = 0;
    const { stream } = collecting(async () => {
      expect(++writing).toBe(1);
      await Bun.sleep(1);
      writing--;
    });
    const reader = new FakeReader(utf8("a"), utf8("b"), utf8("c"), "eof");
    const result = await copyToSink(reader, chunkSink(stream)).done;
    expect(result).toMatchObject({ bytes: 3, unacknowledged: 0, end: "eof" });
  });

  test("that fails is reported with its error", async () => {
    const error = new Error("full");
    const { stream } = collecting(() => Promise.reject(error));
    const reader = new FakeReader(utf8("a"), utf8("bc"), "eof");
    const result = await copyToSink(reader, chunkSink(stream)).done;
    expect(result).toMatchObject({ bytes: 1, discarded: 2, end: "failed" });
    expect(result.error).toMatchObject({ code: "SINK_FAILED", cause: error });
  });

  test("that is closed is reported", async () => {
    const { stream } = collecting();
    await stream.close();
    const result = await copyToSink(new FakeReader(utf8("a"), "eof"), chunkSink(stream)).done;
    expect(result).toMatchObject({ end: "failed", error: { code: "SINK_FAILED" } });
  });

  test("that is stuck is given back at a cancel, and serves the next copy in order", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { stream, chunks } = collecting(() => promise);
    const first = copyToSink(new FakeReader(counted(3)), chunkSink(stream));
    await Bun.sleep(1);
    first.stop("cancel");
    expect(await first.done).toMatchObject({ bytes: 3, unacknowledged: 3, end: "stopped" });
    expect(stream.locked).toBe(false);
    const second = copyToSink(new FakeReader(counted(2, 3), "eof"), chunkSink(stream));
    resolve();
    expect(await second.done).toMatchObject({ bytes: 2, unacknowledged: 0 });
    expect(Buffer.concat(chunks)).toEqual(Buffer.from(counted(5)));
  });

  test("may take two outputs, and is given back when both have ended", async () => {
    const { stream, chunks } = collecting();
    const stderr = new FakeReader(utf8("b"));
    const copies = [new FakeReader(utf8("a"), "eof"), stderr].map((reader) =>
      copyToSink(reader, chunkSink(stream)),
    );
    expect(await copies[0]!.done).toMatchObject({ bytes: 1, end: "eof" });
    expect(stream.locked).toBe(true);
    stderr.push("eof");
    expect(await copies[1]!.done).toMatchObject({ bytes: 1, end: "eof" });
    expect(stream.locked).toBe(false);
    expect(text(chunks)).toBe("ab");
  });

  test("that takes two outputs and fails is reported by both", async () => {
    const error = new Error("full");
    const { stream } = collecting(() => Promise.reject(error));
    const readers = [new FakeReader(utf8("a"), "eof"), new FakeReader(utf8("b"), "eof")];
    const copies = readers.map((reader) => copyToSink(reader, chunkSink(stream)));
    for (const { done } of copies) expect(await done).toMatchObject({ end: "failed" });
    expect(stream.locked).toBe(false);
  });
});
