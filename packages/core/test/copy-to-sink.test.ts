import { describe, expect, test } from "bun:test";
import { copyToSink, TaskIOError } from "../src/index.ts";
import { counted, text, utf8 } from "./support/bytes.ts";
import { FakeReader } from "./support/fake-reader.ts";
import { FakeSink } from "./support/fake-sink.ts";
import { isPending } from "./support/is-pending.ts";

/** In ms: 100 is promised, a busy machine may take longer, and the grace of a detach is far longer. */
const soon = 500;
const stuck = () => new Promise<void>(() => {});

describe("a copy to a sink", () => {
  test("hands over everything in order, then frees both ends", async () => {
    const reader = new FakeReader(utf8("a"), utf8("bc"));
    const sink = new FakeSink();
    const copy = copyToSink(reader, sink);
    await Bun.sleep(1);
    reader.push(utf8("def"), "eof");
    expect(await copy.done).toEqual({ bytes: 6, discarded: 0, unacknowledged: 0, end: "eof" });
    expect(text(sink.chunks)).toBe("abcdef");
    expect([reader.closed, sink.released]).toEqual([1, 1]);
  });

  test("does not call the sink before its caller has the copy", async () => {
    const sink = new FakeSink();
    const copy = copyToSink(new FakeReader(utf8("a"), "eof"), sink);
    expect(sink.chunks).toEqual([]);
    await copy.done;
  });

  test("takes the next chunk only when the sink has confirmed the last", async () => {
    const reader = new FakeReader(utf8("a"), utf8("b"), "eof");
    const { promise, resolve } = Promise.withResolvers<void>();
    const sink = new FakeSink((_, index) => (index === 0 ? promise : undefined));
    const copy = copyToSink(reader, sink);
    await Bun.sleep(5);
    expect(reader.left).toEqual([utf8("b"), "eof"]);
    resolve();
    expect(await copy.done).toMatchObject({ bytes: 2, end: "eof" });
  });

  test("counts a chunk whose buffer the sink transfers away", async () => {
    const sink = new FakeSink(
      (chunk) => void structuredClone(chunk, { transfer: [chunk.buffer as ArrayBuffer] }),
    );
    const copy = copyToSink(new FakeReader(counted(10), "eof"), sink);
    expect(await copy.done).toMatchObject({ bytes: 10, unacknowledged: 0 });
  });

  test("takes what a sink returns that is no promise for done, and waits for any thenable", async () => {
    for (const value of [3, true, {}, null]) {
      const sink = new FakeSink(() => value as unknown as undefined);
      const copy = copyToSink(new FakeReader(utf8("ab"), "eof"), sink);
      expect(await copy.done).toMatchObject({ bytes: 2, unacknowledged: 0, end: "eof" });
    }
    const thenable = { then: (done: () => void) => void setTimeout(done, 5) };
    const sink = new FakeSink(() => thenable as unknown as Promise<void>);
    const reader = new FakeReader(utf8("a"), utf8("b"), "eof");
    const copy = copyToSink(reader, sink);
    await Bun.sleep(1);
    expect(reader.left).toHaveLength(2);
    expect(await copy.done).toMatchObject({ bytes: 2, unacknowledged: 0, end: "eof" });
  });

  test("lets timers run while there is always something to copy", async () => {
    const chunk = new Uint8Array(65_536);
    const reader = new FakeReader();
    reader.read = () => chunk;
    const copy = copyToSink(reader, new FakeSink());
    await Bun.sleep(20);
    copy.stop("cancel");
    expect((await copy.done).bytes).toBeGreaterThan(1 << 20);
  });
});

describe("a stop", () => {
  test.each(["cancel", "detach"] as const)("%s: before anything, takes nothing", async (how) => {
    const reader = new FakeReader(utf8("a"));
    const copy = copyToSink(reader, new FakeSink());
    copy.stop(how);
    expect(await copy.done).toMatchObject({ bytes: 0, end: "stopped" });
    expect(reader.left).toEqual([utf8("a")]);
  });

  test.each(["cancel", "detach"] as const)(
    "%s: ends a wait for the writer at once",
    async (how) => {
      const reader = new FakeReader(utf8("a"));
      const copy = copyToSink(reader, new FakeSink());
      await Bun.sleep(1);
      const start = performance.now();
      copy.stop(how);
      expect(await copy.done).toMatchObject({ bytes: 1, end: "stopped" });
      expect(performance.now() - start).toBeLessThan(soon);
      expect(reader.closed).toBe(1);
    },
  );

  test("lets a slow sink confirm what it has; the rest is not taken", async () => {
    const reader = new FakeReader(utf8("a"), utf8("b"));
    const sink = new FakeSink(() => Bun.sleep(20));
    const copy = copyToSink(reader, sink);
    await Bun.sleep(1);
    copy.stop("cancel");
    expect(await copy.done).toEqual({ bytes: 1, discarded: 0, unacknowledged: 0, end: "stopped" });
    expect(reader.left).toEqual([utf8("b")]);
    expect(text(sink.chunks)).toBe("a");
  });

  test("cancel: gives up a stuck sink soon and counts what it has not confirmed", async () => {
    const reader = new FakeReader(utf8("abc"), utf8("d"));
    const sink = new FakeSink(stuck);
    const copy = copyToSink(reader, sink);
    await Bun.sleep(1);
    const start = performance.now();
    copy.stop("cancel");
    expect(await copy.done).toEqual({ bytes: 3, discarded: 0, unacknowledged: 3, end: "stopped" });
    expect(performance.now() - start).toBeLessThan(soon);
    expect(reader.left).toEqual([utf8("d")]);
    expect([reader.closed, sink.released]).toEqual([1, 1]);
  });

  test("detach: gives a sink up to a second", async () => {
    const copy = copyToSink(new FakeReader(utf8("abc")), new FakeSink(() => Bun.sleep(200)));
    await Bun.sleep(1);
    copy.stop("detach");
    expect(await copy.done).toMatchObject({ bytes: 3, unacknowledged: 0, end: "stopped" });

    const start = performance.now();
    const stuckCopy = copyToSink(new FakeReader(utf8("abc")), new FakeSink(stuck));
    await Bun.sleep(1);
    stuckCopy.stop("detach");
    expect(await stuckCopy.done).toMatchObject({ unacknowledged: 3 });
    expect(performance.now() - start).toBeWithin(900, 5000);
  });

  test("cancel cuts a detach short, and a detach does not make a cancel longer", async () => {
    for (const [first, second] of [
      ["detach", "cancel"],
      ["cancel", "detach"],
    ] as const) {
      const copy = copyToSink(new FakeReader(utf8("a")), new FakeSink(stuck));
      await Bun.sleep(1);
      const start = performance.now();
      copy.stop(first);
      copy.stop(second);
      expect(await copy.done).toMatchObject({ unacknowledged: 1, end: "stopped" });
      expect(performance.now() - start).toBeLessThan(soon);
    }
  });

  test("from within the sink's call counts that call's chunk, and takes no other", async () => {
    const reader = new FakeReader(utf8("a"), utf8("b"));
    const copy = copyToSink(reader, new FakeSink(() => copy.stop("cancel")));
    expect(await copy.done).toEqual({ bytes: 1, discarded: 0, unacknowledged: 0, end: "stopped" });
    expect(reader.left).toEqual([utf8("b")]);
  });

  test("after the end changes nothing", async () => {
    const copy = copyToSink(new FakeReader("eof"), new FakeSink());
    await copy.done;
    copy.stop("cancel");
    copy.stop("detach");
    expect((await copy.done).end).toBe("eof");
  });

  test("is not disturbed by a sink that fails later", async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const copy = copyToSink(new FakeReader(utf8("a")), new FakeSink(() => promise));
    await Bun.sleep(1);
    copy.stop("cancel");
    const result = await copy.done;
    reject(new Error("late"));
    await Bun.sleep(1);
    expect(result).toMatchObject({ end: "stopped", unacknowledged: 1 });
  });
});

describe("a sink that fails", () => {
  const error = new Error("disk full");

  test.each([
    [
      "throws",
      () => {
        throw error;
      },
    ],
    ["rejects", () => Promise.reject(error)],
  ])(
    "%s: is not called again, and what comes then is dropped so that the task goes on",
    async (_, fail) => {
      const reader = new FakeReader(utf8("abc"), utf8("de"), utf8("f"), "eof");
      const sink = new FakeSink((_chunk, index) => (index === 1 ? fail() : undefined));
      const { error: failure, ...result } = await copyToSink(reader, sink).done;
      expect(result).toEqual({ bytes: 5, discarded: 1, unacknowledged: 2, end: "failed" });
      expect(failure).toBeInstanceOf(TaskIOError);
      expect(failure).toMatchObject({ code: "SINK_FAILED", cause: error });
      expect(failure?.message).toContain("disk full");
      expect(text(sink.chunks)).toBe("abcde");
    },
  );

  test("keeps draining until a stop", async () => {
    const reader = new FakeReader(utf8("a"));
    const copy = copyToSink(reader, new FakeSink(() => Promise.reject(error)));
    await Bun.sleep(1);
    reader.push(utf8("bcd"));
    await Bun.sleep(1);
    copy.stop("detach");
    expect(await copy.done).toMatchObject({ end: "failed", bytes: 1, discarded: 3 });
  });

  test("with a TaskIOError keeps that as the cause", async () => {
    const inner = new TaskIOError("PEER_GONE", "gone", { errno: "EPIPE", path: "/x" });
    const copy = copyToSink(
      new FakeReader(utf8("a"), "eof"),
      new FakeSink(() => Promise.reject(inner)),
    );
    expect((await copy.done).error).toMatchObject({
      code: "SINK_FAILED",
      errno: "EPIPE",
      path: "/x",
      cause: inner,
    });
  });
});

test("a reader that fails ends the copy, and frees both ends", async () => {
  const reader = new FakeReader(utf8("a"), Object.assign(new Error("EIO"), { code: "EIO" }));
  const sink = new FakeSink();
  const copy = copyToSink(reader, sink);
  expect(await copy.done).toMatchObject({
    bytes: 1,
    end: "failed",
    error: { code: "ENGINE_FAILED", errno: "EIO" },
  });
  expect([reader.closed, sink.released]).toEqual([1, 1]);
});

test("a wait that rejects ends the copy", async () => {
  const reader = new FakeReader();
  reader.readable = () => Promise.reject(new TaskIOError("ENGINE_FAILED", "the reactor died"));
  const { error, end } = await copyToSink(reader, new FakeSink()).done;
  expect(end).toBe("failed");
  expect(error?.message).toBe("the reactor died");
});

test("an idle copy stays pending", async () => {
  const copy = copyToSink(new FakeReader(), new FakeSink());
  expect(await isPending(copy.done)).toBe(true);
  copy.stop("cancel");
  await copy.done;
});
