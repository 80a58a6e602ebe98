import { describe, expect, test } from "bun:test";
import { type ChunkSource, copyFromSource, TaskIOError } from "../src/index.ts";
import { counted, text, utf8 } from "./support/bytes.ts";
import { chunkSource } from "./support/chunk-source.ts";
import { FakeWriter } from "./support/fake-writer.ts";
import { isPending } from "./support/is-pending.ts";

/** A source of these chunks that keeps how it was used. */
class FakeSource implements ChunkSource {
  asked = 0;
  released: (Uint8Array | undefined)[] = [];
  readonly #chunks: (Uint8Array | Error)[];

  constructor(...chunks: (Uint8Array | Error)[]) {
    this.#chunks = chunks;
  }

  async pull(take: (chunk: Uint8Array) => void): Promise<boolean> {
    this.asked++;
    const chunk = this.#chunks.shift();
    if (chunk instanceof Error) throw chunk;
    if (chunk) take(chunk);
    return chunk !== undefined;
  }

  release(rest?: Uint8Array): void {
    this.released.push(rest);
  }
}

const never: ChunkSource = { pull: () => new Promise(() => {}), release() {} };

describe("a copy from a source", () => {
  test("writes everything in order, then frees both ends", async () => {
    const source = new FakeSource(utf8("a"), utf8("bc"));
    const writer = new FakeWriter();
    const result = await copyFromSource(source, writer).done;
    expect(result).toEqual({ bytes: 3, discarded: 0, unacknowledged: 0, end: "eof" });
    expect(text(writer.chunks)).toBe("abc");
    expect(writer.closed).toBe(1);
    expect(source.released).toHaveLength(1);
  });

  test("asks the source for nothing before the peer is there", async () => {
    const source = new FakeSource(utf8("a"));
    const writer = new FakeWriter(0);
    const copy = copyFromSource(source, writer);
    await Bun.sleep(1);
    expect(source.asked).toBe(0);
    writer.giveRoom(10);
    expect(await copy.done).toMatchObject({ bytes: 1, end: "eof" });
  });

  test("writes a chunk in pieces as there is room, and asks for the next one after that", async () => {
    const source = new FakeSource(utf8("abcdef"), utf8("g"));
    const writer = new FakeWriter(4);
    const copy = copyFromSource(source, writer);
    await Bun.sleep(1);
    expect([text(writer.chunks), source.asked]).toEqual(["abcd", 1]);
    writer.giveRoom(2);
    await Bun.sleep(1);
    expect([text(writer.chunks), source.asked]).toEqual(["abcdef", 2]);
    writer.giveRoom(1);
    expect(await copy.done).toMatchObject({ bytes: 7, end: "eof" });
  });

  test("passes over empty chunks", async () => {
    const source = new FakeSource(utf8(""), utf8("a"), utf8(""));
    expect(await copyFromSource(source, new FakeWriter()).done).toMatchObject({ bytes: 1 });
  });

  test("lets timers run while the source never ends", async () => {
    const source: ChunkSource = {
      async pull(take) {
        take(new Uint8Array(65_536));
        return true;
      },
      release() {},
    };
    const writer = new FakeWriter();
    writer.write = (chunk) => chunk.length;
    const copy = copyFromSource(source, writer);
    await Bun.sleep(20);
    copy.stop("cancel");
    expect(await copy.done).toMatchObject({ end: "stopped", unacknowledged: 0 });
  });
});

test("lets timers run while the source gives small chunks without a pause", async () => {
  let left = 100_000;
  const source: ChunkSource = {
    async pull(take) {
      if (left-- > 0) take(new Uint8Array(1));
      return left >= 0;
    },
    release() {},
  };
  let ran = false;
  setTimeout(() => (ran = true), 1);
  const writer = new FakeWriter();
  writer.write = (chunk) => chunk.length;
  await copyFromSource(source, writer).done;
  expect(ran).toBe(true);
});

describe.each(["cancel", "detach"] as const)("%s", (how) => {
  test("before anything asks the source for nothing", async () => {
    const source = new FakeSource(utf8("a"));
    const copy = copyFromSource(source, new FakeWriter());
    copy.stop(how);
    expect(await copy.done).toMatchObject({ bytes: 0, end: "stopped" });
    expect(source.asked).toBe(0);
  });

  test("ends a wait for the peer", async () => {
    const writer = new FakeWriter(0);
    const copy = copyFromSource(new FakeSource(utf8("a")), writer);
    await Bun.sleep(1);
    copy.stop(how);
    expect(await copy.done).toMatchObject({ bytes: 0, unacknowledged: 0, end: "stopped" });
    expect(writer.closed).toBe(1);
  });

  test("ends a wait for the source", async () => {
    const copy = copyFromSource(never, new FakeWriter());
    await Bun.sleep(1);
    copy.stop(how);
    expect(await copy.done).toMatchObject({ bytes: 0, unacknowledged: 0, end: "stopped" });
  });

  test("ends a wait for room, and gives back what the task did not accept", async () => {
    const source = new FakeSource(utf8("abcdef"));
    const copy = copyFromSource(source, new FakeWriter(4));
    await Bun.sleep(1);
    copy.stop(how);
    expect(await copy.done).toEqual({ bytes: 4, discarded: 0, unacknowledged: 2, end: "stopped" });
    expect(source.released).toEqual([utf8("ef")]);
  });

  test("after the end changes nothing", async () => {
    const copy = copyFromSource(new FakeSource(utf8("a")), new FakeWriter());
    await copy.done;
    copy.stop(how);
    expect(await copy.done).toMatchObject({ bytes: 1, end: "eof" });
  });
});

describe("a failure", () => {
  test("of the source keeps the cause, and what was written stays written", async () => {
    const error = new Error("read failed");
    const writer = new FakeWriter();
    const { error: failure, ...result } = await copyFromSource(
      new FakeSource(utf8("ab"), error),
      writer,
    ).done;
    expect(result).toEqual({ bytes: 2, discarded: 0, unacknowledged: 0, end: "failed" });
    expect(failure).toBeInstanceOf(TaskIOError);
    expect(failure).toMatchObject({ code: "SOURCE_FAILED", cause: error });
    expect(writer.closed).toBe(1);
  });

  test("of the peer gives back what it did not accept", async () => {
    const source = new FakeSource(utf8("abcdef"));
    const writer = new FakeWriter(4);
    const copy = copyFromSource(source, writer);
    await Bun.sleep(1);
    writer.write = () => {
      throw new TaskIOError("PEER_GONE", "the task closed its stdin");
    };
    writer.giveRoom(1);
    expect(await copy.done).toMatchObject({
      bytes: 4,
      unacknowledged: 2,
      end: "failed",
      error: { code: "PEER_GONE" },
    });
    expect(source.released).toEqual([utf8("ef")]);
  });

  test("of the wait for the peer ends the copy", async () => {
    const writer = new FakeWriter();
    writer.writable = () => Promise.reject(new TaskIOError("NOT_FOUND", "no FIFO"));
    const source = new FakeSource(utf8("a"));
    const { error } = await copyFromSource(source, writer).done;
    expect(error?.code).toBe("NOT_FOUND");
    expect([source.asked, source.released.length]).toEqual([0, 1]);
  });

  test("of the source after a stop is nobody's", async () => {
    const { promise, reject } = Promise.withResolvers<boolean>();
    const copy = copyFromSource({ pull: () => promise, release() {} }, new FakeWriter());
    await Bun.sleep(1);
    copy.stop("cancel");
    const result = await copy.done;
    reject(new Error("late"));
    await Bun.sleep(1);
    expect(result.end).toBe("stopped");
  });
});

describe("bytes and a Blob", () => {
  test("are written whole, for each copy anew", async () => {
    for (const source of [counted(200_000), new Blob([counted(200_000)])]) {
      for (let round = 0; round < 2; round++) {
        const writer = new FakeWriter();
        const result = await copyFromSource(chunkSource(source), writer).done;
        expect(result).toMatchObject({ bytes: 200_000, end: "eof" });
        expect(writer.bytes).toEqual(Buffer.from(counted(200_000)));
      }
    }
  });

  test("that are empty are an end at once", async () => {
    for (const source of [new Uint8Array(0), new Blob([])]) {
      const { done } = copyFromSource(chunkSource(source), new FakeWriter());
      expect(await done).toMatchObject({ bytes: 0, end: "eof" });
    }
  });
});

test("an idle copy stays pending", async () => {
  const copy = copyFromSource(never, new FakeWriter());
  expect(await isPending(copy.done)).toBe(true);
  copy.stop("cancel");
  await copy.done;
});
