import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFifo } from "../src/index.ts";

// The behaviours of containerd/fifo's OpenFifo, as its fifo_test.go describes them.

let folder: string;
let made = 0;
const path = () => join(folder, `f${made++}`);
const bytes = (text: string) => new TextEncoder().encode(text);
const buffer = () => new Uint8Array(32);
const pending = (promise: Promise<unknown>, ms = 50) =>
  Promise.race([
    promise.then(
      () => false,
      () => false,
    ),
    Bun.sleep(ms).then(() => true),
  ]);

async function readText(fifo: { read(buffer: Uint8Array): Promise<number> }): Promise<string> {
  const into = buffer();
  return new TextDecoder().decode(into.subarray(0, await fifo.read(into)));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "open-fifo-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const create = { create: true, mode: 0o600 } as const;
const reading = { read: true, nonblock: true } as const;
const writing = { write: true, nonblock: true } as const;

describe("opening", () => {
  test("a regular file is refused and stays as it is", async () => {
    const file = path();
    writeFileSync(file, "text");
    const open = openFifo(file, reading);
    await expect(open).rejects.toMatchObject({ code: "NOT_FIFO", path: file });
    await expect(open).rejects.toThrow(`"${file}" is not a FIFO`);
    expect(statSync(file).size).toBe(4);
  });

  test("a missing path is refused without create, and not made", async () => {
    const missing = path();
    await expect(openFifo(missing, reading)).rejects.toMatchObject({
      code: "NOT_FOUND",
      errno: "ENOENT",
    });
    expect(() => statSync(missing)).toThrow();
  });

  test("create makes it, with the mode, in a folder that exists", async () => {
    const made = path();
    await using fifo = await openFifo(made, { ...reading, ...create });
    expect(fifo.path).toBe(made);
    expect(statSync(made).isFIFO()).toBe(true);
    expect(statSync(made).mode & 0o777).toBe(0o600);
    const nowhere = openFifo(join(folder, "no", "f"), { ...reading, ...create });
    await expect(nowhere).rejects.toMatchObject({ code: "NOT_FOUND", syscall: "mkfifo" });
  });

  test("neither reading nor writing is refused before anything is made", async () => {
    const made = path();
    await expect(openFifo(made, create)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(() => statSync(made)).toThrow();
  });

  test("a blocking open for reading waits for a writer", async () => {
    const fifo = path();
    const opening = openFifo(fifo, { read: true, ...create });
    expect(await pending(opening)).toBe(true);
    await using writer = await openFifo(fifo, { write: true });
    await using reader = await opening;
    await writer.write(bytes("foobar"));
    expect(await readText(reader)).toBe("foobar");
    await writer.close();
    expect(await readText(reader)).toBe("");
    expect(await readText(reader)).toBe("");
  });

  test("a blocking open for writing waits for a reader", async () => {
    const fifo = path();
    const opening = openFifo(fifo, { write: true, ...create });
    expect(await pending(opening)).toBe(true);
    await using reader = await openFifo(fifo, reading);
    await using writer = await opening;
    await writer.write(bytes("x"));
    expect(await readText(reader)).toBe("x");
  });

  test("a blocking open is ended by its signal, with the signal's reason", async () => {
    for (const way of [{ read: true }, { write: true }]) {
      const fifo = path();
      const opening = openFifo(fifo, { ...way, ...create, signal: AbortSignal.timeout(20) });
      await expect(opening).rejects.toMatchObject({ name: "TimeoutError" });
    }
  });

  test("an aborted signal refuses before anything is made", async () => {
    const fifo = path();
    const signal = AbortSignal.abort(new Error("no"));
    await expect(openFifo(fifo, { ...reading, ...create, signal })).rejects.toThrow("no");
    expect(() => statSync(fifo)).toThrow();
  });
});

describe("a signal that aborts", () => {
  test("while the FIFO is being made ends the open", async () => {
    for (const way of [{ read: true }, reading, { write: true }, writing]) {
      const abort = new AbortController();
      const opening = openFifo(path(), { ...way, ...create, signal: abort.signal });
      abort.abort(new Error("meanwhile"));
      await expect(opening).rejects.toThrow("meanwhile");
    }
  });

  test("after the close does nothing, whatever has the fd's number then", async () => {
    const abort = new AbortController();
    const fifo = await openFifo(path(), { ...writing, ...create, signal: abort.signal });
    await fifo.close();
    const other = path();
    writeFileSync(other, "theirs");
    const fd = openSync(other, "r");
    const before = readdirSync("/proc/self/fd").length;
    abort.abort();
    await Bun.sleep(1);
    expect(readdirSync("/proc/self/fd").length).toBe(before);
    closeSync(fd);
  });
});

describe("a non-blocking open", () => {
  test("reads and writes wait for the other side", async () => {
    const fifo = path();
    await using writer = await openFifo(fifo, { ...writing, ...create });
    const writing_ = writer.write(bytes("baz"));
    expect(await pending(writing_)).toBe(true);
    await using reader = await openFifo(fifo, reading);
    expect(await readText(reader)).toBe("baz");
    expect(await writing_).toBe(3);
    const read = readText(reader);
    expect(await pending(read)).toBe(true);
    await writer.write(bytes("barbar"));
    expect(await read).toBe("barbar");
  });

  test("what was written before the writer closed is read, then the end", async () => {
    const fifo = path();
    await using reader = await openFifo(fifo, { ...reading, ...create });
    const writer = await openFifo(fifo, writing);
    await writer.write(bytes("barbar"));
    await writer.close();
    expect(await readText(reader)).toBe("barbar");
    expect(await readText(reader)).toBe("");
  });

  test("a signal before the other side came closes it", async () => {
    for (const way of [reading, writing]) {
      const abort = new AbortController();
      await using fifo = await openFifo(path(), { ...way, ...create, signal: abort.signal });
      const use = way === reading ? fifo.read(buffer()) : fifo.write(bytes("x"));
      abort.abort();
      await expect(use).rejects.toMatchObject({ code: "CLOSED" });
    }
  });

  test("a signal after the other side came does nothing", async () => {
    const fifo = path();
    const abort = new AbortController();
    const { signal } = abort;
    await using reader = await openFifo(fifo, { ...reading, ...create, signal });
    await using writer = await openFifo(fifo, { ...writing, signal });
    abort.abort();
    await writer.write(bytes("still"));
    expect(await readText(reader)).toBe("still");
  });

  test("writing more than fits waits for room", async () => {
    const fifo = path();
    await using reader = await openFifo(fifo, { ...reading, ...create });
    await using writer = await openFifo(fifo, writing);
    const written = writer.write(new Uint8Array(300_000).fill(7));
    expect(await pending(written)).toBe(true);
    let read = 0;
    const into = new Uint8Array(50_000);
    while (read < 300_000) read += await reader.read(into);
    expect(read).toBe(300_000);
    expect(await written).toBe(300_000);
  });

  test("concurrent writes keep their order", async () => {
    const fifo = path();
    await using reader = await openFifo(fifo, { ...reading, ...create });
    await using writer = await openFifo(fifo, writing);
    const pieces = [..."abcdef"].map((letter) => writer.write(bytes(letter.repeat(40_000))));
    let text = "";
    const into = new Uint8Array(1 << 16);
    while (text.length < 240_000) {
      text += new TextDecoder().decode(into.subarray(0, await reader.read(into)));
    }
    await Promise.all(pieces);
    expect(text).toBe([..."abcdef"].map((letter) => letter.repeat(40_000)).join(""));
  });
});

describe("read-write", () => {
  test("opens at once, gives its bytes to whoever reads, and ends others when it closes", async () => {
    const fifo = path();
    const both = await openFifo(fifo, { read: true, write: true, ...create });
    await both.write(bytes("foobar"));
    expect(await readText(both)).toBe("foobar");
    await using first = await openFifo(fifo, reading);
    await both.write(bytes("barbar"));
    expect(await readText(first)).toBe("barbar");
    await using second = await openFifo(fifo, { read: true });
    await both.write(bytes("barbaz"));
    expect(await readText(second)).toBe("barbaz");
    await both.close();
    expect(await readText(second)).toBe("");
  });

  test("waits for bytes and for room at the same time", async () => {
    await using fifo = await openFifo(path(), { read: true, write: true, ...create });
    const written = fifo.write(new Uint8Array(100_000));
    expect(await pending(written)).toBe(true);
    let read = 0;
    while (read < 100_000) read += await fifo.read(new Uint8Array(30_000));
    await written;
    expect(await pending(fifo.read(buffer()))).toBe(true);
  });
});

describe("closing", () => {
  test("ends a read under way", async () => {
    const fifo = await openFifo(path(), { ...reading, ...create });
    const read = fifo.read(buffer());
    expect(await pending(read)).toBe(true);
    await fifo.close();
    await expect(read).rejects.toMatchObject({ code: "CLOSED" });
  });

  test("ends a write that waits for its reader, and a blocking open elsewhere is not woken", async () => {
    const fifo = path();
    const writer = await openFifo(fifo, { ...writing, ...create });
    const write = writer.write(bytes("x"));
    const other = openFifo(fifo, { write: true });
    other.catch(() => {});
    await writer.close();
    await expect(write).rejects.toMatchObject({ code: "CLOSED" });
    expect(await pending(other)).toBe(true);
    await using reader = await openFifo(fifo, reading);
    await using late = await other;
    expect(late.path).toBe(reader.path);
  });

  test("reading from and writing to a closed one are refused", async () => {
    const writer = await openFifo(path(), { ...writing, ...create });
    await writer.close();
    await expect(writer.write(bytes("x"))).rejects.toMatchObject({ code: "CLOSED" });
    const reader = await openFifo(path(), { ...reading, ...create });
    await reader.close();
    await expect(reader.read(buffer())).rejects.toMatchObject({ code: "CLOSED" });
  });

  test("twice is fine, also at once", async () => {
    const fifo = await openFifo(path(), { ...reading, ...create });
    await Promise.all([fifo.close(), fifo.close()]);
    await fifo[Symbol.asyncDispose]();
  });

  test("the reader makes the writer's next write fail with PEER_GONE", async () => {
    const fifo = path();
    const reader = await openFifo(fifo, { ...reading, ...create });
    await using writer = await openFifo(fifo, writing);
    const read = reader.read(buffer());
    read.catch(() => {});
    await reader.close();
    await expect(read).rejects.toMatchObject({ code: "CLOSED" });
    await expect(writer.write(bytes("foo"))).rejects.toMatchObject({
      code: "PEER_GONE",
      errno: "EPIPE",
    });
  });
});

test("the wrong way is refused by name", async () => {
  const fifo = path();
  await using reader = await openFifo(fifo, { ...reading, ...create });
  await using writer = await openFifo(fifo, writing);
  await expect(reader.write(bytes("x"))).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  await expect(reader.write(bytes("x"))).rejects.toThrow("opened for reading only");
  await expect(writer.read(buffer())).rejects.toThrow("opened for writing only");
});

test("removed or renamed while open, both sides go on", async () => {
  const fifo = path();
  await using writer = await openFifo(fifo, { ...writing, ...create });
  await using reader = await openFifo(fifo, reading);
  unlinkSync(fifo);
  await writer.write(bytes("gone"));
  expect(await readText(reader)).toBe("gone");

  const old = path();
  await using waiting = await openFifo(old, { ...writing, ...create });
  const renamed = path();
  renameSync(old, renamed);
  const write = waiting.write(bytes("moved"));
  await using late = await openFifo(renamed, reading);
  expect(await readText(late)).toBe("moved");
  await write;
});
