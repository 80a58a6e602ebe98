import { appendFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tempFolder } from "@taskio/test-support";
import { describe, expect, test } from "bun:test";
import {
  criFormat,
  jsonFileFormat,
  type LogFormat,
  openLogWriter,
  rawFormat,
  readLogs,
} from "../../src/index.ts";
import { criLine, numbered } from "./support/cri-line.ts";
import { numbers, textsOf } from "./support/texts-of.ts";

const MiB = 1024 * 1024;

describe.each([criFormat, jsonFileFormat, rawFormat])("$name", (format: LogFormat) => {
  test("n#3343, m#13333: a line of 10 MiB without a newline passes in parts", async () => {
    using folder = tempFolder();
    const path = folder.file("log");
    const line = Buffer.alloc(10 * MiB, "0123456789 abcdefgh");
    {
      await using writer = await openLogWriter(path, { format });
      for (let at = 0; at < line.length; at += 100_000) {
        await writer.write("stdout", line.subarray(at, at + 100_000));
      }
    }
    const hash = createHash("sha256");
    for await (const { data } of readLogs(path)) {
      expect(data.length).toBeLessThanOrEqual(128 * 1024);
      hash.update(data);
    }
    expect(hash.digest("hex")).toBe(createHash("sha256").update(line).digest("hex"));
  });
});

test("m#13333: one record of 10 MiB passes, and its line is found from the end", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  const text = "x".repeat(10 * MiB);
  writeFileSync(path, numbered(1, 2) + criLine(text) + numbered(3, 3));
  expect(await textsOf(path)).toEqual(["1", "2", text, "3"]);
  expect(await textsOf(path, { tail: 2 })).toEqual([text, "3"]);
});

test("a line that is too long for a record is skipped, and takes no memory", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(path, numbered(1, 2));
  for (let i = 0; i < 100; i++) appendFileSync(path, Buffer.alloc(MiB, "x"));
  appendFileSync(path, `\n${numbered(3, 4)}`);
  Bun.gc(true);
  const before = process.memoryUsage().rss;
  expect(await textsOf(path)).toEqual(numbers(1, 4));
  expect(await textsOf(path, { tail: 3 })).toEqual(numbers(2, 4));
  Bun.gc(true);
  expect(process.memoryUsage().rss - before).toBeLessThan(90 * MiB);
});

test("garbage and torn records are skipped", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  const [one, two] = [criLine("1"), criLine("2")];
  writeFileSync(
    `${path}.1`,
    `${one}\n\0\0\0\n${two.slice(0, 25)}\n{"log":"x"}\n${two}${one.slice(0, 30)}`,
  );
  writeFileSync(
    path,
    `${criLine("3")}2026-01-01T00:00:00Z stdout\n${criLine("4")}${one.slice(0, -2)}`,
  );
  expect(await textsOf(path)).toEqual(numbers(1, 4));
  expect(await textsOf(path, { tail: 3 })).toEqual(numbers(2, 4));
});

test("raw output is given line by line, an unfinished one as it is", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  const lines = Array.from({ length: 5000 }, (_, i) => `${i} ${"y".repeat(i % 90)}\n`);
  writeFileSync(path, `${lines.join("")}rest`);
  const read: string[] = [];
  for await (const { data, time, stream } of readLogs(path, { format: rawFormat })) {
    read.push(Buffer.from(data).toString());
    expect({ time, stream }).toEqual({ time: undefined, stream: "stdout" });
  }
  expect(read).toEqual([...lines, "rest"]);
});

test("records are the caller's to keep", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(path, numbered(1, 5000));
  const kept: Uint8Array[] = [];
  for await (const { data } of readLogs(path)) kept.push(data);
  expect(kept.map((data) => Buffer.from(data).toString().trim())).toEqual(numbers(1, 5000));
});
