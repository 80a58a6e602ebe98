import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CountedOutput, countingCommand } from "../../src/index.ts";

function counted(limit: number): Buffer {
  return Buffer.from(Array.from({ length: limit }, (_, i) => `${i + 1}\n`).join(""));
}

function pushAll(output: CountedOutput, data: Uint8Array, sizes: readonly number[]): void {
  for (let at = 0, i = 0; at < data.length; i++) {
    const size = sizes[i % sizes.length]!;
    output.push(data.subarray(at, at + size));
    at += size;
  }
}

describe("CountedOutput", () => {
  const data = counted(1_200_000);

  test("accepts counted lines in any split", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1 }), (sizes) => {
        const output = new CountedOutput();
        pushAll(output, data, sizes);
        expect([output.bytes, output.lines]).toEqual([data.length, 1_200_000]);
        output.end(1_200_000);
      }),
      { numRuns: 20 },
    );
  });

  test("accepts what seq writes, piece by piece", async () => {
    const output = new CountedOutput();
    for await (const chunk of Bun.spawn(countingCommand(123_456)).stdout) output.push(chunk);
    output.end(123_456);
  });

  test("names the offset of a wrong byte, what was expected and what was seen", () => {
    const output = new CountedOutput();
    output.push(data.subarray(0, 100_000));
    const wrong = Buffer.from(data.subarray(100_000, 200_000));
    wrong[4321] = 120;
    expect(() => output.push(wrong)).toThrow(/^wrong output at byte 104321: expected ".*", saw "x/);
    expect(output.bytes).toBe(100_000);
  });

  test("finds one byte that was lost or doubled, anywhere", () => {
    fc.assert(
      fc.property(fc.nat(999_990), fc.constantFrom("lost", "doubled"), (at, damage) => {
        const rest = data.subarray(damage === "lost" ? at + 1 : at, at + 200_000);
        const head = data.subarray(0, damage === "lost" ? at : at + 1);
        const output = new CountedOutput();
        expect(() => {
          output.push(head);
          output.push(rest);
        }).toThrow(/^wrong output at byte/);
      }),
    );
  });

  test("counts complete lines only, and says where the output ended", () => {
    const output = new CountedOutput();
    expect(output.lines).toBe(0);
    output.push(Buffer.from("1\n2\n3"));
    expect(output.lines).toBe(2);
    expect(() => output.end(3)).toThrow("output ended within line 3 (5 bytes)");
    output.push(Buffer.from("\n"));
    output.end(3);
    expect(() => output.end(4)).toThrow(
      "output ended after line 3 (6 bytes) instead of after line 4",
    );
  });

  test("goes on past a change of the number of digits", async () => {
    const output = new CountedOutput();
    for await (const chunk of Bun.spawn(countingCommand(10_050_000)).stdout) output.push(chunk);
    output.end(10_050_000);
  });
});
