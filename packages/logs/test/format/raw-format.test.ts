import { expect, test } from "bun:test";
import fc from "fast-check";
import { rawFormat } from "../../src/index.ts";
import { anyBytes, chunked } from "./support/arbitraries.ts";
import { dataOf, decode, encode } from "./support/encode.ts";

test("the file is the output, and its lines are the records", () => {
  fc.assert(
    fc.property(chunked(anyBytes), (chunks) => {
      const all = Buffer.concat(chunks);
      const file = encode(rawFormat, chunks);
      expect(file.equals(all)).toBe(true);
      expect(dataOf(decode(rawFormat, file)).equals(all)).toBe(true);
    }),
  );
});

test("a record has no time, and nothing is none", () => {
  const data = Buffer.from("x\r\n");
  expect(rawFormat.decode(data)).toEqual({ stream: "stdout", time: undefined, data });
  expect(rawFormat.decode(new Uint8Array())).toBeUndefined();
});
