import { describe, expect, test } from "bun:test";
import { newIO } from "../src/index.ts";
import { FakeCopy } from "./support/fake-copy.ts";
import { isPending } from "./support/is-pending.ts";

const config = { terminal: false, stdin: "/i", stdout: "/o", stderr: "/e" };

function setUp() {
  const copies = { stdin: new FakeCopy(), stdout: new FakeCopy(), stderr: new FakeCopy() };
  const closed: string[] = [];
  const io = newIO({ config, ...copies, close: async () => void closed.push("closed") });
  return { io, ...copies, closed };
}

describe("wait()", () => {
  test("settles when stdout and stderr have ended, with their results", async () => {
    const { io, stdout, stderr } = setUp();
    stdout.end({ bytes: 3 });
    expect(await isPending(io.wait())).toBe(true);
    stderr.end({ bytes: 4 });
    expect(await io.wait()).toMatchObject({ stdout: { bytes: 3 }, stderr: { bytes: 4 } });
  });

  test("does not wait for stdin, and has its result only once it has ended", async () => {
    const { io, stdin, stdout, stderr } = setUp();
    stdout.end();
    stderr.end();
    expect(Object.keys(await io.wait())).toEqual(["stdout", "stderr"]);
    stdin.end({ bytes: 5 });
    await io.stdinDone;
    expect((await io.wait()).stdin).toMatchObject({ bytes: 5 });
  });

  test("has no result of a stream that is not copied", async () => {
    const stdout = new FakeCopy();
    const io = newIO({ config, stdout });
    stdout.end();
    expect(Object.keys(await io.wait())).toEqual(["stdout"]);
    expect(await newIO({ config }).wait()).toEqual({});
  });

  test("resolves with what failed", async () => {
    const { io, stdout, stderr } = setUp();
    stdout.end({ end: "failed" });
    stderr.end();
    expect(await io.wait()).toMatchObject({ stdout: { end: "failed" }, stderr: { end: "eof" } });
  });

  test("rejects with the signal's reason when that is aborted, and stops no copy", async () => {
    const { io, stdin, stdout, stderr } = setUp();
    const controller = new AbortController();
    const reason = new Error("enough");
    const waiting = io.wait({ signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect([stdin, stdout, stderr].flatMap(({ stops }) => stops)).toEqual([]);
    stdout.end();
    stderr.end();
    expect(await io.wait()).toBeObject();
  });

  test("rejects with the reason of a signal that is aborted already, also when all has ended", async () => {
    const { io, stdout, stderr } = setUp();
    stdout.end();
    stderr.end();
    await io.wait();
    const reason = new Error("enough");
    await expect(io.wait({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("an abort after it has settled changes nothing, and no listener stays", async () => {
    const { io, stdout, stderr } = setUp();
    const controller = new AbortController();
    const { signal } = controller;
    const removed: string[] = [];
    const remove = signal.removeEventListener.bind(signal);
    signal.removeEventListener = (type: string, listener: never) => {
      removed.push(type);
      remove(type, listener);
    };
    const waiting = io.wait({ signal });
    stdout.end();
    stderr.end();
    const result = await waiting;
    controller.abort();
    expect(await io.wait()).toEqual(result);
    expect(removed).toEqual(["abort"]);
  });
});

describe("stdinDone", () => {
  test("settles with stdin's result when it has ended", async () => {
    const { io, stdin } = setUp();
    expect(await isPending(io.stdinDone)).toBe(true);
    stdin.end({ bytes: 2 });
    expect(await io.stdinDone).toMatchObject({ bytes: 2, end: "eof" });
  });

  test("is undefined at once without a stdin", async () => {
    expect(await newIO({ config }).stdinDone).toBeUndefined();
  });
});

describe("cancel()", () => {
  test("stops every copy and removes nothing", async () => {
    const { io, stdin, stdout, stderr, closed } = setUp();
    io.cancel();
    for (const copy of [stdin, stdout, stderr]) {
      expect(copy.stops).toEqual(["cancel"]);
      copy.end({ end: "stopped" });
    }
    expect(await io.wait()).toMatchObject({ stdout: { end: "stopped" } });
    expect(closed).toEqual([]);
  });

  test("before close() leaves the removal to it", async () => {
    const { io, stdin, stdout, stderr, closed } = setUp();
    io.cancel();
    for (const copy of [stdin, stdout, stderr]) copy.end();
    await io.close();
    expect(closed).toEqual(["closed"]);
  });
});

describe("detach()", () => {
  test("stops every copy at a chunk boundary and gives all results, stdin's too", async () => {
    const { io, stdin, stdout, stderr } = setUp();
    const detaching = io.detach();
    for (const copy of [stdin, stdout, stderr]) expect(copy.stops).toEqual(["detach"]);
    stdout.end();
    stderr.end();
    expect(await isPending(detaching)).toBe(true);
    stdin.end();
    expect(Object.keys(await detaching)).toEqual(["stdin", "stdout", "stderr"]);
  });

  test("makes a later close() and dispose remove nothing", async () => {
    const { io, stdin, stdout, stderr, closed } = setUp();
    for (const copy of [stdin, stdout, stderr]) copy.end();
    await io.detach();
    await io.close();
    await io[Symbol.asyncDispose]();
    expect(closed).toEqual([]);
  });

  test("is not cut short by a close() meanwhile, which waits for it", async () => {
    const { io, stdin, stdout, stderr, closed } = setUp();
    const detaching = io.detach();
    const closing = io.close();
    expect(await isPending(closing)).toBe(true);
    for (const copy of [stdin, stdout, stderr]) {
      expect(copy.stops).toEqual(["detach"]);
      copy.end();
    }
    await closing;
    expect(await detaching).toBeObject();
    expect(closed).toEqual([]);
  });

  test("is cut short by cancel()", async () => {
    const { io, stdout } = setUp();
    void io.detach();
    io.cancel();
    expect(stdout.stops).toEqual(["detach", "cancel"]);
  });

  test("twice gives the same", async () => {
    const { io, stdin, stdout, stderr } = setUp();
    for (const copy of [stdin, stdout, stderr]) copy.end({ bytes: 1 });
    expect(await io.detach()).toEqual(await io.detach());
  });

  test("is too late once close() was called", async () => {
    const { io, stdin, stdout, stderr, closed } = setUp();
    const closing = io.close();
    const detaching = io.detach();
    for (const copy of [stdin, stdout, stderr]) copy.end();
    await Promise.all([closing, detaching]);
    expect(closed).toEqual(["closed"]);
  });
});

describe("close()", () => {
  test("cancels, and removes only when every copy has ended", async () => {
    const { io, stdin, stdout, stderr, closed } = setUp();
    const closing = io.close();
    expect(stdout.stops).toEqual(["cancel"]);
    stdout.end();
    stderr.end();
    expect(await isPending(closing)).toBe(true);
    expect(closed).toEqual([]);
    stdin.end();
    await closing;
    expect(closed).toEqual(["closed"]);
  });

  test("twice, and by dispose, removes once", async () => {
    const closed: string[] = [];
    {
      await using io = newIO({ config, close: async () => void closed.push("closed") });
      await io.close();
      await io.close();
    }
    expect(closed).toEqual(["closed"]);
  });

  test("rejects with what the removal threw, the second time too", async () => {
    const error = new Error("busy");
    const io = newIO({ config, close: () => Promise.reject(error) });
    await expect(io.close()).rejects.toBe(error);
    await expect(io.close()).rejects.toBe(error);
  });
});
