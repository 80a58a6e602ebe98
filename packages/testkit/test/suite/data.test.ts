import { describe, expect, test } from "bun:test";
import { CountedOutput } from "../../src/index.ts";
import { countedBytes, expectSameBytes, noise, split } from "../../src/suite/data.ts";

describe("data", () => {
  test("countedBytes ends with the line that it is told, whatever block that is in", () => {
    for (const limit of [0, 1, 9999, 10_000, 10_001, 19_999, 99_999, 100_000, 123_456]) {
      const output = new CountedOutput();
      output.push(countedBytes(limit));
      output.end(limit);
    }
  });

  test("split gives all bytes, in pieces of at most so many", () => {
    const pieces = [...split(noise(100_000), 777)];
    expectSameBytes("the pieces", Buffer.concat(pieces), noise(100_000));
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(777);
  });

  test("expectSameBytes names the first difference", () => {
    const other = noise(100);
    other[42]! ^= 1;
    expect(() => expectSameBytes("stdout", other, noise(100))).toThrow("difference at byte 42");
    expect(() => expectSameBytes("stdout", noise(10), noise(100))).toThrow(
      "10 bytes instead of 100",
    );
  });
});
