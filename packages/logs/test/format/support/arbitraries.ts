import fc from "fast-check";

/** Bytes of a task: anything, and what a format might trip over, more often than chance has it. */
const pieces = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 20 }).map((text) => Buffer.from(text)),
  fc
    .constantFrom("\n", "\n\n", "\r\n", " ", "\0", "\t\b\f", '"\\', "<>&", "\u2028\u2029", "\ufffd")
    .map((text) => Buffer.from(text)),
  fc
    .constantFrom([0xc0, 0x80], [0xe2, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff])
    .map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.constantFrom("x", "é", "日", "😀", "\x1b", "\xff"), fc.nat(20_000))
    .map(([text, count]) => Buffer.from(text.repeat(count))),
);

export const anyBytes: fc.Arbitrary<Buffer> = fc
  .array(pieces, { maxLength: 8 })
  .map((all) => Buffer.concat(all));

export const anyText: fc.Arbitrary<string> = anyBytes.map((bytes) => bytes.toString("utf8"));

/** The same bytes in chunks, empty ones among them. */
export function chunked(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array[]> {
  return fc
    .tuple(bytes, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 9 }))
    .map(([all, cuts]) => {
      const places = [0, ...cuts.map((cut) => Math.floor(cut * all.length)).sort((a, b) => a - b)];
      return places.map((place, i) => all.subarray(place, places[i + 1]));
    });
}
