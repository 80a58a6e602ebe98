import { expect, test } from "bun:test";
import fc from "fast-check";
import { criFormat } from "../../src/index.ts";
import { anyBytes, chunked } from "./support/arbitraries.ts";
import { dataOf, decode, encode, linesOf, someTime } from "./support/encode.ts";

const time = "2026-08-01T10:00:00.12Z";
const decodeText = (line: string) => {
  const record = criFormat.decode(Buffer.from(line));
  return record && { ...record, data: String(record.data) };
};

test("a line is an F record; what a chunk ends with is a P record at once", () => {
  const file = encode(criFormat, ["one\ntwo", " and more\n\n"], { stream: "stderr" });
  expect(linesOf(file).map((line) => String(line.subarray(line.indexOf(" "))))).toEqual([
    " stderr F one\n",
    " stderr P two\n",
    " stderr F  and more\n",
    " stderr F \n",
  ]);
});

test("any bytes in any chunks come back, in records of at most 16 KiB", () => {
  fc.assert(
    fc.property(chunked(anyBytes), fc.constantFrom("stdout", "stderr"), (chunks, stream) => {
      const records = decode(criFormat, encode(criFormat, chunks, { stream }));
      expect(dataOf(records).equals(Buffer.concat(chunks))).toBe(true);
      for (const record of records) {
        expect(record).toMatchObject({ stream, time: BigInt(someTime) * 1_000_000n });
        expect(record.data.length).toBeGreaterThan(0);
        expect(record.data.length).toBeLessThanOrEqual(16_384);
        expect([-1, record.data.length - 1]).toContain(record.data.indexOf(0x0a));
      }
    }),
  );
});

test("16 KiB with the newline is one record, a byte more is two", () => {
  const sizes = (line: string) =>
    decode(criFormat, encode(criFormat, [line])).map(({ data }) => data.length);
  expect(sizes(`${"x".repeat(16_383)}\n`)).toEqual([16_384]);
  expect(sizes(`${"x".repeat(16_384)}\n`)).toEqual([16_384, 1]);
  expect(sizes("x".repeat(40_000))).toEqual([16_384, 16_384, 7_232]);
});

test("a record cut before its data is none, and cut within it has less data", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
      for (const line of linesOf(encode(criFormat, [bytes]))) {
        const tagAt = line.indexOf(" stdout ") + 8;
        const end = line[tagAt] === 0x46 ? "\n" : "";
        const dataAt = tagAt + 2;
        for (let cut = 0; cut < line.length; cut++) {
          const torn = criFormat.decode(Buffer.concat([line.subarray(0, cut), Buffer.from("\n")]));
          const rest = `${line.subarray(dataAt, cut)}${end}`;
          expect(torn && String(torn.data)).toBe(cut < dataAt ? undefined : rest);
          expect(criFormat.decode(line.subarray(0, cut))).toBeUndefined();
        }
      }
    }),
    { numRuns: 20 },
  );
});

test("records of containerd, CRI-O and conmon", () => {
  const ns = BigInt(someTime) * 1_000_000n;
  expect(decodeText("2026-08-01T12:00:00.120000003+02:00 stdout F hello\n")).toEqual({
    stream: "stdout",
    time: ns + 3n,
    data: "hello\n",
  });
  // conmon: always nine digits, and a part ends with the chunk
  expect(decodeText("2026-08-01T10:00:00.120000000+00:00 stderr P 50%\r\n")).toEqual({
    stream: "stderr",
    time: ns,
    data: "50%\r",
  });
  expect(decodeText(`${time} stdout F:x:y a b\n`)?.data).toBe("a b\n");
  expect(decodeText(`${time} stdout P:x a b\n`)?.data).toBe("a b");
  expect(decodeText(`${time} stdout F \n`)?.data).toBe("\n");
  expect(decodeText(`${time} stdout P \n`)?.data).toBe("");
});

test.each([
  "",
  "\n",
  `${time} stdout F no newline`,
  `${time} stdout F\n`,
  `${time} stdout  F x\n`,
  `${time} stdout X x\n`,
  `${time} stdout FP x\n`,
  `${time} stdout f x\n`,
  `${time} stdout :F x\n`,
  `${time} stdin F x\n`,
  `${time} stdoutF x\n`,
  `${time}  stdout F x\n`,
  ` ${time} stdout F x\n`,
  `2026-08-01 10:00:00 stdout F x\n`,
  `2026-08-01T10:00:00 stdout F x\n`,
  `\0\0\0\0${time} stdout F x\n`,
  `{"log":"x\\n","stream":"stdout","time":"${time}"}\n`,
  "Aug  1 10:00:00 host app[1]: x\n",
])("no record: %j", (line) => expect(criFormat.decode(Buffer.from(line))).toBeUndefined());

test("no bytes make it throw", () => {
  const near = fc
    .array(fc.constantFrom(time, " ", "stdout", "stderr", "F", "P", ":", "\n", "é", "\0"))
    .map((parts) => Buffer.from(parts.join("")));
  fc.assert(
    fc.property(fc.oneof(anyBytes, near), (line) => {
      const record = criFormat.decode(line);
      if (record !== undefined) expect(line.at(-1)).toBe(0x0a);
    }),
  );
});
