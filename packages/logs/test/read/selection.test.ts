import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { tempFolder } from "@taskio/test-support";
import { expect, test } from "bun:test";
import { criLine, numbered } from "./support/cri-line.ts";
import { numbers, textsOf } from "./support/texts-of.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000);

test("since and until are times of records, both included", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(`${path}.2.gz`, gzipSync(numbered(1, 3)));
  writeFileSync(`${path}.1`, numbered(4, 6));
  writeFileSync(path, numbered(7, 9));
  for (let since = 0; since <= 10; since++) {
    expect(await textsOf(path, { since: at(since) })).toEqual(numbers(Math.max(since, 1), 9));
    const ns = BigInt(at(since).getTime()) * 1_000_000n;
    const after = await textsOf(path, { since: ns + 1n });
    expect(after).toEqual(numbers(since + 1, 9));
    expect(await textsOf(path, { until: at(since) })).toEqual(numbers(1, Math.min(since, 9)));
  }
  expect(await textsOf(path, { since: at(3), until: at(7) })).toEqual(numbers(3, 7));
});

test("files that have none of that time are not read to their end", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  const lines = numbered(1, 20_000);
  writeFileSync(`${path}.1`, lines);
  writeFileSync(path, numbered(20_001, 20_002));
  const before = readBytes();
  expect(await textsOf(path, { since: at(20_002) })).toEqual(["20002"]);
  expect(readBytes() - before).toBeLessThan(lines.length / 2);
});

test("with follow, records of before since are not given", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(path, numbered(1, 4));
  const options = { since: at(3), follow: true, ended: Promise.resolve() };
  expect(await textsOf(path, options)).toEqual(["3", "4"]);
});

test("a stream", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(path, criLine("o") + criLine("e", { stream: "stderr" }) + criLine("o2"));
  expect(await textsOf(path, { stream: "stderr" })).toEqual(["e"]);
  expect(await textsOf(path, { stream: "stdout" })).toEqual(["o", "o2"]);
});

/** What this process has read so far, of files and else. */
function readBytes(): number {
  return Number(/rchar: (\d+)/.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}
