import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { DetachMatcher, parseDetachKeys } from "../src/index.ts";
import { bytes, text } from "./support/latin1.ts";

/** Feeds the pieces; gives what the task got, whether the keys came, and what was left after them. */
function feedAll(keys: Uint8Array, pieces: readonly Uint8Array[]) {
  const matcher = new DetachMatcher(keys);
  const fed = pieces.map((piece) => matcher.feed(piece));
  return {
    delivered: text(...fed.map(({ deliver }) => deliver), matcher.flush()),
    detached: matcher.detached,
    rest: text(...fed.map(({ rest }) => rest)),
  };
}

describe("the keys are found wherever they are", () => {
  test.each([
    ["moby#21769: ^P^P^Q is one ^P and the keys", "\x10\x11", "\x10\x10\x11", "\x10", ""],
    ["aab in aaab is one a and the keys", "aab", "aaab", "a", ""],
    ["abab in abaabab", "abab", "abaababX", "aba", "X"],
    ["what is before and after them", "\x10\x11", "ls\r\x10\x11exit", "ls\r", "exit"],
    ["a single key", "q", "abqc", "ab", "c"],
    ["the first of several", "ab", "xabyab", "x", "yab"],
  ])("%s", (_, keys, input, delivered, rest) => {
    for (const pieces of [[bytes(input)], [...input].map(bytes)]) {
      expect(feedAll(bytes(keys), pieces)).toEqual({ delivered, detached: true, rest });
    }
  });
});

test("moby#12510: the beginning of the keys is held until the next byte or the flush", () => {
  const matcher = new DetachMatcher(parseDetachKeys("ctrl-p,ctrl-q"));
  expect(text(matcher.feed(bytes("abc\x10")).deliver)).toBe("abc");
  expect(matcher.held).toBe(1);
  expect(text(matcher.feed(bytes("x")).deliver)).toBe("\x10x");
  expect(text(matcher.feed(bytes("\x10")).deliver)).toBe("");
  expect(text(matcher.flush())).toBe("\x10");
  expect(matcher.feed(bytes("\x11"))).toMatchObject({ detached: false, deliver: bytes("\x11") });
});

test("what was released is delivered once, and the keys still work", () => {
  const matcher = new DetachMatcher(bytes("aab"));
  expect(text(matcher.feed(bytes("xaa")).deliver)).toBe("x");
  expect(text(matcher.release())).toBe("aa");
  expect(matcher.held).toBe(0);
  expect(text(matcher.release())).toBe("");
  expect(text(matcher.feed(bytes("a")).deliver)).toBe(""); // its aa: the last of the released and it
  expect(matcher.feed(bytes("b"))).toMatchObject({ detached: true, deliver: bytes("") });
});

test("no keys hold nothing", () => {
  const matcher = new DetachMatcher(new Uint8Array(0));
  expect(matcher.missing).toBe(Infinity);
  expect(text(matcher.feed(bytes("\x10\x11")).deliver)).toBe("\x10\x11");
  expect(matcher.flush()).toHaveLength(0);
});

test("after the keys everything is rest", () => {
  const matcher = new DetachMatcher(bytes("q"));
  matcher.feed(bytes("q"));
  expect(matcher.missing).toBe(0);
  expect(matcher.feed(bytes("qq"))).toEqual({
    deliver: bytes(""),
    detached: true,
    rest: bytes("qq"),
  });
  expect(matcher.flush()).toHaveLength(0);
});

test("the caller's keys are not kept", () => {
  const keys = bytes("ab");
  const matcher = new DetachMatcher(keys);
  keys.fill(0);
  expect(matcher.feed(bytes("ab")).detached).toBe(true);
});

// few letters and short keys, so that they are there, partly and often
const letters = fc.array(fc.constantFrom(97, 98, 99), { maxLength: 40 });
const someKeys = fc.array(fc.constantFrom(97, 98, 99), { minLength: 1, maxLength: 6 });
const split = fc.array(fc.nat(8), { maxLength: 40 });

function pieces(input: Uint8Array, lengths: number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) parts.push(input.subarray(at, (at += length)));
  return [...parts, input.subarray(at)];
}

/** What the whole input at once says. */
function reference(keys: string, input: string) {
  const at = keys ? input.indexOf(keys) : -1;
  if (at < 0) return { delivered: input, detached: false, rest: "" };
  return { delivered: input.slice(0, at), detached: true, rest: input.slice(at + keys.length) };
}

test("any input in any pieces gives what the whole input gives", () => {
  fc.assert(
    fc.property(someKeys, letters, split, (keys, letters, lengths) => {
      const input = Uint8Array.from(letters);
      expect(feedAll(Uint8Array.from(keys), pieces(input, lengths))).toEqual(
        reference(text(Uint8Array.from(keys)), text(input)),
      );
    }),
    { numRuns: 5000 },
  );
});

test("any bytes and any keys, none too", () => {
  const anything = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3 }), anything, split, (keys, input, lengths) => {
      expect(feedAll(keys, pieces(input, lengths))).toEqual(reference(text(keys), text(input)));
    }),
    { numRuns: 2000 },
  );
});

test("releases move no key: what was sent early is a beginning of the keys, all else is the same", () => {
  fc.assert(
    fc.property(
      someKeys,
      letters,
      split,
      fc.array(fc.boolean()),
      (keys, letters, lengths, pause) => {
        const matcher = new DetachMatcher(Uint8Array.from(keys));
        const input = Uint8Array.from(letters);
        let delivered = "";
        let rest = "";
        pieces(input, lengths).forEach((piece, at) => {
          const match = matcher.feed(piece);
          delivered += text(match.deliver);
          rest += text(match.rest);
          if (pause[at]) delivered += text(matcher.release());
        });
        delivered += text(matcher.flush());
        const keyText = text(Uint8Array.from(keys));
        const expected = reference(keyText, text(input));
        expect(matcher.detached).toBe(expected.detached);
        expect(rest).toBe(expected.rest);
        expect(delivered.startsWith(expected.delivered)).toBe(true);
        const early = delivered.slice(expected.delivered.length);
        expect(keyText.startsWith(early)).toBe(true);
        expect(early.length).toBeLessThan(matcher.detached ? keyText.length : 1);
      },
    ),
    { numRuns: 5000 },
  );
});

test("reads of what is missing never go beyond the keys", () => {
  fc.assert(
    fc.property(someKeys, letters, (keys, letters) => {
      const matcher = new DetachMatcher(Uint8Array.from(keys));
      const expected = reference(text(Uint8Array.from(keys)), text(Uint8Array.from(letters)));
      let unread = Uint8Array.from(letters);
      while (unread.length > 0 && !matcher.detached) {
        const size = matcher.missing;
        expect(matcher.feed(unread.subarray(0, size)).rest).toHaveLength(0);
        unread = unread.subarray(size);
      }
      expect(text(unread)).toBe(expected.rest);
    }),
    { numRuns: 2000 },
  );
});
