import { newMemoryIO, withStreams } from "@taskio/core";
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  defaultDetachKeys,
  type DetachKeysOptions,
  type InputStream,
  rawMode,
  withDetachKeys,
} from "../src/index.ts";
import { text } from "./support/latin1.ts";
import { memoryClient } from "./support/memory-client.ts";
import { openFds } from "./support/open-fds.ts";
import { Pty } from "./support/pty.ts";
import { readAll } from "./support/streams.ts";
import { until } from "@taskio/test-support";

describe("detach keys at a terminal", () => {
  /** A raw terminal's input with the keys ^P ^Q, being read. */
  function terminal(options?: DetachKeysOptions) {
    const stack = new DisposableStack();
    const pty = stack.use(new Pty());
    stack.use(rawMode(pty.slave));
    const events: string[] = [];
    const detach = () => void events.push("detach");
    const input = stack.use(withDetachKeys(pty.slave, defaultDetachKeys, detach, options));
    return { pty, input, events, [Symbol.dispose]: () => stack.dispose() };
  }

  async function record(input: InputStream, events: string[]): Promise<void> {
    for await (const chunk of input) events.push(text(chunk));
    events.push("end");
  }

  test("nothing after the keys is read, even when all was typed at once", async () => {
    using here = terminal();
    here.pty.type("ls\r\x10\x10\x11exit\r");
    await record(here.input, here.events);
    expect(here.events).toEqual(["ls\r\x10", "detach", "end"]);
    expect(await here.pty.drain(5)).toBe("exit\r");
  });

  test("any keys and any input: delivered and left are what the whole input says", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(..."ab"), { minLength: 1, maxLength: 4 }),
        fc.array(fc.constantFrom(..."abc"), { maxLength: 30 }),
        async (keys, letters) => {
          using pty = new Pty();
          using _raw = rawMode(pty.slave);
          using input = withDetachKeys(pty.slave, keys.join(","), () => {});
          const whole = `${letters.join("")}${keys.join("")}`; // sure to end
          pty.type(`${whole}rest`);
          const got = await readAll(input);
          const at = whole.indexOf(keys.join(""));
          expect(got).toBe(whole.slice(0, at));
          const left = `${whole.slice(at + keys.length)}rest`;
          expect(await pty.drain(left.length)).toBe(left);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("moby#12510: a lone ^P reaches the task after the hold time", async () => {
    using here = terminal({ holdTime: 50 });
    void record(here.input, here.events).catch(() => {});
    const typed = performance.now();
    here.pty.type("\x10");
    await until(() => here.events.length > 0, "the ^P is sent");
    expect(performance.now() - typed).toBeGreaterThan(49);
    here.pty.type("x");
    await until(() => here.events.length > 1, "the x is sent");
    expect(here.events).toEqual(["\x10", "x"]);
  });

  test("slow keys detach all the same", async () => {
    using here = terminal({ holdTime: 10 });
    const recorded = record(here.input, here.events);
    here.pty.type("\x10");
    await until(() => here.events.length > 0, "the ^P is sent");
    here.pty.type("\x11");
    await recorded;
    expect(here.events).toEqual(["\x10", "detach", "end"]);
  });

  test("with an infinite hold time the ^P waits for the next key", async () => {
    using here = terminal({ holdTime: Infinity });
    void record(here.input, here.events).catch(() => {});
    here.pty.type("\x10");
    await Bun.sleep(700);
    expect(here.events).toEqual([]);
    here.pty.type("x");
    await until(() => here.events.length > 0, "both are sent");
    expect(here.events).toEqual(["\x10x"]);
  });

  test("c#7412: the keys detach a client, which gave the task every byte before them", async () => {
    using pty = new Pty();
    using _raw = rawMode(pty.slave);
    pty.type("echo hi\r\x10\x11");
    const { result, ...left } = await memoryClient(pty.slave);
    expect(left).toEqual({ read: "echo hi\r", detaches: 1 });
    expect(result).toMatchObject({ bytes: 8, end: "eof" });
  });

  test("detaching in onDetach loses nothing", async () => {
    using pty = new Pty();
    using _raw = rawMode(pty.slave);
    const memory = newMemoryIO();
    const left = Promise.withResolvers<unknown>();
    using input = withDetachKeys(pty.slave, defaultDetachKeys, () => left.resolve(io.detach()));
    const io = await memory.newCreator(withStreams(input, () => {}))("t");
    pty.type("abc\x10\x11");
    expect(await left.promise).toMatchObject({ stdin: { bytes: 3, unacknowledged: 0 } });
  });

  test("empty keys never detach", async () => {
    using pty = new Pty();
    using _raw = rawMode(pty.slave);
    using input = withDetachKeys(pty.slave, "", () => {});
    pty.type("\x10\x11");
    expect(text((await input.getReader().read()).value!)).toBe("\x10\x11");
  });

  test("process.stdin and the like count as their fd", async () => {
    using pty = new Pty();
    using _raw = rawMode(pty.slave);
    using input = withDetachKeys({ fd: pty.slave }, defaultDetachKeys, () => {});
    pty.type("x\x10\x11");
    expect(await readAll(input)).toBe("x");
  });

  test("everything is freed once it has detached", async () => {
    using here = terminal();
    const before = openFds(here.pty.path);
    here.pty.type("\x10\x11");
    await record(here.input, here.events);
    expect(openFds(here.pty.path)).toBe(before - 1);
  });
});
