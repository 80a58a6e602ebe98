import { appendFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { tempFolder } from "@taskio/test-support";
import { expect, test } from "bun:test";
import { rawFormat } from "../../src/index.ts";
import { criLine, numbered } from "./support/cri-line.ts";
import { lastLines } from "./support/last-lines.ts";
import { numbers, textsOf } from "./support/texts-of.ts";

test.each([0, 1, 2, 3, 4, 5, 6, 7, 100])("the last %d lines over files", async (tail) => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(`${path}.2.gz`, gzipSync(numbered(1, 2)));
  writeFileSync(`${path}.1`, numbered(3, 4));
  writeFileSync(path, numbered(5, 6));
  expect(await textsOf(path, { tail })).toEqual(numbers(1, 6).slice(6 - Math.min(tail, 6)));
});

test("lines are found in many blocks", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(path, numbered(1, 20_000));
  expect(await textsOf(path, { tail: 15_000 })).toEqual(numbers(5001, 20_000));
  writeFileSync(`${path}.1.gz`, gzipSync(numbered(1, 20_000)));
  writeFileSync(path, "");
  expect(await textsOf(path, { tail: 15_000 })).toEqual(numbers(5001, 20_000));
});

test("the parts of a line count with their line, those of another stream between them do not", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(
    path,
    [
      criLine("out 1"),
      criLine("out 2a ", { tag: "P" }),
      criLine("err 1", { stream: "stderr" }),
      criLine("out 2b"),
    ].join(""),
  );
  expect(await textsOf(path, { tail: 1 })).toEqual(["out 2a ", "out 2b"]);
  expect(await textsOf(path, { tail: 2 })).toEqual(["out 2a ", "err 1", "out 2b"]);
  appendFileSync(path, criLine("err 2", { stream: "stderr", tag: "P" }));
  expect(await textsOf(path, { tail: 1 })).toEqual(["err 2"]);
});

test("the last lines of any log, in any files, are those of all its records", async () => {
  using folder = tempFolder();
  const record = fc.record({
    stream: fc.constantFrom("stdout", "stderr"),
    tag: fc.constantFrom("F", "P"),
  });
  const part = fc.record({ records: fc.array(record, { maxLength: 6 }), gz: fc.boolean() });
  const logs = fc.array(part, { minLength: 1, maxLength: 4 });
  let runs = 0;
  const property = fc.asyncProperty(logs, fc.nat({ max: 8 }), async (parts, tail) => {
    const path = folder.file(`log${runs++}`);
    const all: { stream: string; tag: string; text: string }[] = [];
    parts.forEach(({ records, gz }, index) => {
      const named = records.map((one, i) => ({ ...one, text: `${index}-${i}` }));
      all.push(...named);
      const bytes = named.map((one) => criLine(one.text, one)).join("");
      const age = parts.length - 1 - index;
      if (age === 0) writeFileSync(path, bytes);
      else if (gz) writeFileSync(`${path}.${age}.gz`, gzipSync(bytes));
      else writeFileSync(`${path}.${age}`, bytes);
    });
    expect(await textsOf(path, { tail })).toEqual(lastLines(all, tail));
  });
  await fc.assert(property, { numRuns: 150 });
});

test("they are of the records that are selected", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  const line = (second: number) =>
    criLine(String(second), { second, stream: second % 2 ? "stdout" : "stderr" });
  writeFileSync(`${path}.1`, [1, 2, 3, 4, 5].map(line).join(""));
  writeFileSync(path, [6, 7, 8, 9].map(line).join(""));
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000);
  expect(await textsOf(path, { tail: 2, stream: "stderr" })).toEqual(["6", "8"]);
  expect(await textsOf(path, { tail: 2, until: at(6) })).toEqual(["5", "6"]);
  expect(await textsOf(path, { tail: 3, since: at(8) })).toEqual(["8", "9"]);
  expect(await textsOf(path, { tail: 2, until: at(7), stream: "stdout" })).toEqual(["5", "7"]);
});

test("of raw output, what has no newline at the end is a line", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(path, "a\n\nb\nc");
  expect(await textsOf(path, { tail: 1, format: rawFormat })).toEqual(["c"]);
  expect(await textsOf(path, { tail: 3, format: rawFormat })).toEqual(["", "b", "c"]);
  writeFileSync(path, `a\n${"x".repeat(1_000_000)}\n`);
  const [first = "", ...rest] = await textsOf(path, { tail: 1, format: rawFormat });
  expect([first, ...rest].join("")).toBe("x".repeat(1_000_000));
});

test("the last lines of a file with neither are found too", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(path, "\n");
  expect(await textsOf(path, { tail: 5, format: rawFormat })).toEqual([""]);
  writeFileSync(path, criLine("torn").slice(0, -3));
  expect(await textsOf(path, { tail: 5 })).toEqual([]);
});
