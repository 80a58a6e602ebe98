import type { Source } from "@taskio/core";
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { thrown } from "@taskio/test-support";
import { defaultDetachKeys, withDetachKeys } from "../src/index.ts";
import { bytes, text } from "./support/latin1.ts";
import { memoryClient } from "./support/memory-client.ts";
import { chunks, readAll, streamOf } from "./support/streams.ts";
import { invalidArgument } from "./support/invalid-argument.ts";

describe("of any source", () => {
  const sources: [string, (...texts: string[]) => Source][] = [
    ["an async iterable", chunks],
    ["a web stream", (...texts) => streamOf(chunks(...texts))],
    ["a Blob", (...texts) => new Blob(texts.map((part) => Buffer.from(part, "latin1")))],
    ["bytes", (...texts) => bytes(texts.join(""))],
  ];

  test.each(sources)("%s: the task gets what is before the keys", async (_, source) => {
    const { result, ...left } = await memoryClient(
      source("ls\r", "\x10x", "\x10\x10", "\x11exit\r"),
    );
    expect(left).toEqual({ read: "ls\r\x10x\x10", detaches: 1 });
    expect(result).toMatchObject({ bytes: 6, end: "eof", unacknowledged: 0 });
  });

  test.each(sources)("%s: a held ^P is no detach and is sent at the end", async (_, source) => {
    expect(await memoryClient(source("ls\r", "\x10"))).toMatchObject({
      read: "ls\r\x10",
      detaches: 0,
    });
  });

  test("any keys and any pieces give what the whole input gives", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(..."ab"), { minLength: 1, maxLength: 4 }),
        fc.array(fc.array(fc.constantFrom(..."abc"), { maxLength: 6 }), { maxLength: 12 }),
        async (keys, pieces) => {
          const texts = pieces.map((letters) => letters.join(""));
          const whole = texts.join("");
          let calls = 0;
          const input = withDetachKeys(chunks(...texts), keys.join(","), () => calls++);
          const got = await readAll(input);
          const at = whole.indexOf(keys.join(""));
          expect(got).toBe(at < 0 ? whole : whole.slice(0, at));
          expect([calls, input.detached]).toEqual(at < 0 ? [0, false] : [1, true]);
        },
      ),
      { numRuns: 500 },
    ));
});

describe("the source is given back", () => {
  test("not cancelled, and with what came after the keys first", async () => {
    let cancelled = false;
    const pending = ["a\x10\x11b", "c\x10\x11", "d"];
    const source = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const next = pending.shift();
          if (next === undefined) controller.close();
          else controller.enqueue(bytes(next));
        },
        cancel: () => void (cancelled = true),
      },
      { highWaterMark: 0 },
    );
    const pieces: string[] = [];
    for (let i = 0; i < 3; i++) {
      pieces.push(await readAll(withDetachKeys(source, defaultDetachKeys, () => {})));
      expect(source.locked).toBe(false);
    }
    expect(pieces).toEqual(["a", "bc", "d"]);
    expect(cancelled).toBe(false);
  });

  test("an iterator is not ended", async () => {
    const iterator = chunks("a\x10\x11b", "c");
    expect(await readAll(withDetachKeys(iterator, defaultDetachKeys, () => {}))).toBe("a");
    expect(await readAll(withDetachKeys(iterator, defaultDetachKeys, () => {}))).toBe("bc");
  });

  test("when disposed, with what was held back", async () => {
    const source = streamOf(chunks("a\x10"));
    const input = withDetachKeys(source, defaultDetachKeys, () => {});
    expect(text((await input.getReader().read()).value!)).toBe("a");
    input[Symbol.dispose]();
    expect(await readAll(withDetachKeys(source, defaultDetachKeys, () => {}))).toBe("\x10");
  });

  test("what it throws comes after what it gave", async () => {
    async function* failing() {
      yield bytes("a\x10");
      throw new Error("cable pulled");
    }
    const reader = withDetachKeys(failing(), defaultDetachKeys, () => {}).getReader();
    expect(text((await reader.read()).value!)).toBe("a");
    expect(text((await reader.read()).value!)).toBe("\x10");
    expect(reader.read()).rejects.toThrow("cable pulled");
  });
});

describe("refused", () => {
  test.each([-1, NaN, "500" as never])("a holdTime of %p", (holdTime) => {
    const run = () => withDetachKeys(chunks(), "a", () => {}, { holdTime });
    expect(thrown(run)).toEqual(invalidArgument(`invalid holdTime ${holdTime}`));
  });

  test("bad keys, before the source is touched", () => {
    const source = streamOf(chunks("a"));
    const run = () => withDetachKeys(source, "ctrl-1", () => {});
    expect(thrown(run)).toEqual(invalidArgument('"ctrl-1"'));
    expect(source.locked).toBe(false);
  });

  test("a locked stream", () => {
    const source = streamOf(chunks("a"));
    source.getReader();
    const run = () => withDetachKeys(source, "a", () => {});
    expect(thrown(run)).toEqual(invalidArgument("locked"));
  });
});
