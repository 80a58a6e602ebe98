import { thrown } from "@taskio/test-support";
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { posix } from "node:path";
import { logURIGenerator } from "../src/index.ts";
import { invalidArgument } from "./invalid-argument.ts";

const text = fc.string({ unit: "binary" });
const path = fc
  .array(fc.oneof(text, fc.constantFrom("", ".", "..", "...", "a")))
  .map((names) => `/${names.join("/").replaceAll("\0", "")}`);
const args = fc.dictionary(text, text);

describe("a URI read back with URL", () => {
  test("gives the cleaned path and the args", () => {
    fc.assert(
      fc.property(path, args, (path, args) => {
        const url = new URL(logURIGenerator("binary", path, args));
        expect(url.host + url.hash).toBe("");
        expect(decodeURIComponent(url.pathname)).toBe(posix.resolve(path));
        expect(new Map(url.searchParams)).toEqual(new Map(Object.entries(args)));
      }),
    );
  });

  test("has its keys in the order of their UTF-8 bytes", () => {
    fc.assert(
      fc.property(args, (args) => {
        const keys = [...new URL(logURIGenerator("binary", "/l", args)).searchParams.keys()];
        expect(keys).toEqual([...keys].sort((a, b) => Buffer.compare(utf8(a), utf8(b))));
      }),
    );
  });
});

test("the URI is ASCII without spaces, whatever the text", () => {
  fc.assert(
    fc.property(path, args, (path, args) => {
      expect(logURIGenerator("file", path, args)).toMatch(/^file:\/\/\/[!-~]*$/);
    }),
  );
});

test("the order in which args were set does not matter", () => {
  fc.assert(
    fc.property(args, (args) => {
      const reversed = Object.fromEntries(Object.entries(args).reverse());
      expect(logURIGenerator("x", "/", reversed)).toBe(logURIGenerator("x", "/", args));
    }),
  );
});

test("args are not changed, and may be frozen", () => {
  const args = Object.freeze({ b: "1", a: "2" });
  expect(logURIGenerator("x", "/", args)).toBe("x:///?a=2&b=1");
  expect(Object.keys(args)).toEqual(["b", "a"]);
});

test.each(["", "1a", "+a", "a b", "a:", "a_b", "é", "file:", "file\n", "a/b", "a%41"])(
  "the scheme %j is refused",
  (scheme) => {
    const part = `invalid log URI scheme ${JSON.stringify(scheme)}: use a letter`;
    expect(thrown(() => logURIGenerator(scheme, "/l"))).toEqual(invalidArgument(part));
  },
);

test("the error of a relative path names it and says what to do", () => {
  const error = thrown(() => logURIGenerator("file", "logs/x"));
  expect(error).toMatchObject({
    message: 'log path "logs/x" must be absolute: start it with "/"',
    path: "logs/x",
  });
});

describe("half of a surrogate pair is refused", () => {
  const half = "a\ud83d";
  test.each([
    ["log URI scheme", () => logURIGenerator(half, "/l")],
    ["log path", () => logURIGenerator("file", `/${half}`)],
    ["log arg", () => logURIGenerator("file", "/l", { [half]: "v" })],
    ['log arg "k"', () => logURIGenerator("file", "/l", { k: half })],
    ["log path", () => logURIGenerator("file", "/\ude00\ud83d")], // halves in the wrong order
  ])("in a %s", (name, run) => {
    expect(thrown(run)).toEqual(invalidArgument("half of a surrogate pair"));
    expect(thrown(run)).toEqual(invalidArgument(name));
  });
});

describe("what the types forbid is refused", () => {
  const generate = logURIGenerator as (...args: unknown[]) => string;
  test.each([
    ["no path", () => generate("file"), "log path is of type undefined"],
    ["a scheme that is no string", () => generate(1, "/l"), "log URI scheme is of type number"],
    ["a number as a value", () => generate("x", "/l", { k: 1 }), 'log arg "k" is of type number'],
    ["an undefined value", () => generate("x", "/l", { k: undefined }), "of type undefined"],
    ["null for args", () => generate("x", "/l", null), "log args must be an object"],
    ["a string for args", () => generate("x", "/l", "k=v"), "log args must be an object"],
    ["a Map for args", () => generate("x", "/l", new Map([["k", "v"]])), "must be an object"],
    ["an array for args", () => generate("x", "/l", ["k"]), "log args must be an object"],
  ])("%s", (_name, run, part) => {
    expect(thrown(run)).toEqual(invalidArgument(part));
  });
});

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
