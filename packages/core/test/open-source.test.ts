import { describe, expect, test } from "bun:test";
import { copyFromSource, openSource, type Source, TaskIOError } from "../src/index.ts";
import { text, utf8 } from "./support/bytes.ts";
import { chunkSource } from "./support/chunk-source.ts";
import { FakeWriter } from "./support/fake-writer.ts";
import { thrown } from "./support/thrown.ts";

describe("a source", () => {
  test("that is an fd, or has one, is given back as that", () => {
    expect(openSource(0, "stdin")).toEqual({ fd: 0 });
    expect(openSource({ fd: 7 }, "stdin")).toEqual({ fd: 7 });
    expect(openSource(process.stdin, "stdin")).toEqual({ fd: 0 });
  });

  const invalid: [string, unknown, string][] = [
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["text", "hello", '"hello"'],
    ["a negative number", -1, "-1"],
    ["a fraction", 1.5, "1.5"],
    ["NaN", NaN, "NaN"],
    ["a number that no fd can be", 2 ** 31, "2147483648"],
    ["an fd that is no number", { fd: "0" }, "Object"],
    ["an array", [utf8("a")], "Array"],
    ["an ArrayBuffer", new ArrayBuffer(3), "ArrayBuffer"],
    ["an object without a prototype", Object.create(null), "object"],
  ];
  test.each(invalid)("that is %s is refused by name", (_, source, shown) => {
    const error = thrown(() => openSource(source as Source, "stdin"));
    expect(error).toBeInstanceOf(TaskIOError);
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect((error as TaskIOError).message).toStartWith(`invalid stdin source ${shown}: give `);
  });

  test("that is a locked stream is refused, and stays as it is", async () => {
    const stream = new Blob(["abc"]).stream();
    const reader = stream.getReader();
    expect(thrown(() => openSource(stream, "stdin"))).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: "the stdin source is locked: release its reader first",
    });
    expect(text([(await reader.read()).value!])).toBe("abc");
  });
});

describe("a web stream as a source", () => {
  test("is locked while it is open, and given back uncancelled", async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(utf8("abc")),
      cancel: () => void (cancelled = true),
    });
    const source = chunkSource(stream);
    expect(stream.locked).toBe(true);
    const chunks: Uint8Array[] = [];
    await source.pull((chunk) => chunks.push(chunk));
    expect(text(chunks)).toBe("abc");
    source.release();
    expect([stream.locked, cancelled]).toEqual([false, false]);
  });

  test("that fails gives its error", async () => {
    const error = new Error("broken");
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(error),
    });
    const { done } = copyFromSource(chunkSource(stream), new FakeWriter());
    expect(await done).toMatchObject({
      end: "failed",
      error: { code: "SOURCE_FAILED", cause: error },
    });
  });

  test("of text is refused with what to do", async () => {
    const stream = new ReadableStream({ start: (controller) => controller.enqueue("text") });
    const { error } = await copyFromSource(chunkSource(stream), new FakeWriter()).done;
    expect(error?.code).toBe("SOURCE_FAILED");
    expect(error?.message).toContain('"text" instead of a Uint8Array: encode text');
  });
});

describe("an async iterable as a source", () => {
  test("is not ended by a stop: it stays the caller's", async () => {
    let ended = false;
    async function* chunks() {
      try {
        for (;;) yield utf8("a");
      } finally {
        ended = true;
      }
    }
    const iterator = chunks();
    const copy = copyFromSource(chunkSource(iterator), new FakeWriter(3));
    await Bun.sleep(1);
    copy.stop("cancel");
    expect((await copy.done).bytes).toBe(3);
    expect(ended).toBe(false);
    expect((await iterator.next()).value).toEqual(utf8("a"));
  });

  test("whose own errors are thrown gives them", async () => {
    const error = new Error("broken");
    async function* chunks() {
      yield utf8("ab");
      throw error;
    }
    const { done } = copyFromSource(chunkSource(chunks()), new FakeWriter());
    expect(await done).toMatchObject({ bytes: 2, end: "failed", error: { cause: error } });
  });

  test("that gives undefined as a chunk is refused, not taken for ended", async () => {
    async function* chunks() {
      yield undefined as unknown as Uint8Array;
      yield utf8("a");
    }
    const { done } = copyFromSource(chunkSource(chunks()), new FakeWriter());
    expect(await done).toMatchObject({ end: "failed", error: { code: "SOURCE_FAILED" } });
  });
});
