import { newMemoryIO, withStreams } from "@taskio/core";
import { describe, expect, test } from "bun:test";
import { defaultDetachKeys, rawMode, withDetachKeys } from "../src/index.ts";
import { bytes } from "./support/latin1.ts";
import { Pty } from "./support/pty.ts";
import { chunks, readAll } from "./support/streams.ts";
import { until } from "@taskio/test-support";

describe("a task that takes no input", () => {
  test("is left by the keys", async () => {
    using pty = new Pty();
    using _raw = rawMode(pty.slave);
    const left = Promise.withResolvers<void>();
    using input = withDetachKeys(pty.slave, defaultDetachKeys, left.resolve);
    input.getReader(); // a copy that waits for the task and asks for nothing
    pty.type("\x10\x11exit");
    await left.promise;
    expect(input.detached).toBe(true);
    expect(await pty.drain(4)).toBe("exit");
  });

  test("is left by the keys after what it did not take, which a next copy gets", async () => {
    using pty = new Pty();
    using _raw = rawMode(pty.slave);
    const left = Promise.withResolvers<void>();
    using input = withDetachKeys(pty.slave, defaultDetachKeys, left.resolve);
    const reader = input.getReader();
    pty.type("abc\x10\x11");
    await left.promise;
    reader.releaseLock();
    expect(await readAll(input)).toBe("abc");
  });

  test("is left by keys that are read while its pipe is full", async () => {
    const memory = newMemoryIO();
    const left = Promise.withResolvers<void>();
    const typed = chunks("x".repeat(65_536), "more\x10\x11");
    using input = withDetachKeys(typed, defaultDetachKeys, left.resolve);
    await using io = await memory.newCreator(withStreams(input, () => {}))("t");
    await left.promise;
    expect((await io.detach()).stdin).toMatchObject({ bytes: 65_536, unacknowledged: 4 });
  });

  test("has no more than 4 KiB looked through", async () => {
    let taken = 0;
    const source = new ReadableStream<Uint8Array>(
      { pull: (controller) => controller.enqueue(bytes("x".repeat((taken += 1000) && 1000))) },
      { highWaterMark: 0 },
    );
    using input = withDetachKeys(source, defaultDetachKeys, () => {});
    input.getReader();
    await until(() => taken >= 5000, "it is looked through");
    await Bun.sleep(100);
    expect(taken).toBe(5000);
  });
});
