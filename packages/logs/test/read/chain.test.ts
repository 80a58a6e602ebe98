import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { rejection, tempFolder, thrown, until } from "@taskio/test-support";
import { describe, expect, test } from "bun:test";
import { jsonFileFormat, openLogWriter, rawFormat, readLogs } from "../../src/index.ts";
import { criLine, numbered } from "./support/cri-line.ts";
import { numbers, textsOf } from "./support/texts-of.ts";

test("all files are read, the oldest first; of a part with two files the plain one", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(`${path}.10.gz`, gzipSync(numbered(1, 2)));
  writeFileSync(`${path}.9.gz`, gzipSync(numbered(3, 3)).subarray(0, 20));
  writeFileSync(`${path}.9`, numbered(3, 4));
  writeFileSync(`${path}.1`, numbered(5, 6)); // there is none between: a rotation may be under way
  writeFileSync(path, numbered(7, 8));
  for (const other of [".0", ".01", ".1.gz.tmp", ".1.bak", "-1", "s"]) {
    writeFileSync(path + other, criLine("other"));
  }
  mkdirSync(`${path}.3`);
  expect(await textsOf(path)).toEqual(numbers(1, 8));
});

test("a log whose newest file is not there is read while it is rotated", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(`${path}.1`, numbered(1, 2));
  expect(await textsOf(path)).toEqual(numbers(1, 2));
});

test("the rotated files of a link are beside the file that it leads to", async () => {
  using folder = tempFolder();
  mkdirSync(folder.file("pod"));
  writeFileSync(folder.file("pod/0.log.1"), numbered(1, 2));
  writeFileSync(folder.file("pod/0.log"), numbered(3, 4));
  symlinkSync("pod/0.log", folder.file("web.log"));
  expect(await textsOf(folder.file("web.log"))).toEqual(numbers(1, 4));
});

test("what is damaged in a compressed file ends it", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  const whole = gzipSync(numbered(1, 5000));
  writeFileSync(`${path}.1.gz`, whole.subarray(0, whole.length / 2));
  writeFileSync(path, numbered(6000, 6001));
  const texts = await textsOf(path);
  expect(texts.slice(0, 2)).toEqual(["1", "2"]);
  expect(texts.slice(-2)).toEqual(["6000", "6001"]);
});

test("each record is read once while a writer rotates and compresses as quickly as it can", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  const program = `${import.meta.dir}/../write/support/numbers-until-killed.ts`;
  const writer = Bun.spawn([process.execPath, program, path, "1", "5"], {
    stdout: "ignore",
    stderr: "inherit",
  });
  try {
    await until(() => existsSync(path));
    for (let i = 0; i < 20; i++) {
      await Bun.sleep(10);
      const opened = (await textsOf(path)).map((text) => Number.parseInt(text));
      expect(opened).toEqual(opened.map((_, index) => opened[0]! + index));
      const followed = await textsOf(path, { follow: true, ended: Promise.resolve() });
      const read = followed.map((text) => Number.parseInt(text));
      // while it reads, the writer may remove files that it has not come to
      expect(read).toEqual([...new Set(read)].sort((a, b) => a - b));
    }
  } finally {
    writer.kill("SIGKILL");
    await writer.exited;
  }
});

test("a reader follows a writer that rotates and compresses", async () => {
  using folder = tempFolder();
  const path = folder.file("log");
  const ended = Promise.withResolvers<void>();
  await using writer = await openLogWriter(path, { maxSize: 4000, maxFiles: 99, compress: true });
  const texts = textsOf(path, { follow: true, ended: ended.promise });
  for (let n = 1; n <= 3000; n++) {
    await writer.write("stdout", Buffer.from(`${n}\n`));
    if (n % 50 === 0) await Bun.sleep(1);
  }
  ended.resolve();
  expect(await texts).toEqual(numbers(1, 3000));
});

describe("refused:", () => {
  test("a log that is not there", async () => {
    using folder = tempFolder();
    const error = await rejection(textsOf(folder.file("none/log")));
    expect(error).toMatchObject({ code: "NOT_FOUND", path: folder.file("none/log") });
  });

  test("a followed log that was not there when its writer had ended", async () => {
    using folder = tempFolder();
    const options = { follow: true, ended: Bun.sleep(20) };
    expect(await rejection(textsOf(folder.file("log"), options))).toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("what is no regular file, without opening it", async () => {
    using folder = tempFolder();
    Bun.spawnSync(["mkfifo", folder.file("fifo")]);
    for (const path of [folder.file("fifo"), folder.path, "/dev/null"]) {
      expect(await rejection(textsOf(path))).toMatchObject({ code: "INVALID_ARGUMENT" });
      expect(await rejection(textsOf(path, { follow: true }))).toMatchObject({
        code: "INVALID_ARGUMENT",
      });
    }
  });

  test("options that can't be met, before anything is opened", () => {
    const bad = [
      { tail: -1 },
      { tail: 1.5 },
      { tail: NaN },
      { since: new Date(NaN) },
      { until: 5 as never },
      { since: 2n, until: 1n },
      { stream: "stdin" as never },
      { format: rawFormat, since: 1n },
      { format: rawFormat, until: new Date() },
      { format: rawFormat, stream: "stdout" as const },
      { format: "cri" as never },
    ];
    for (const options of bad) {
      const error = thrown(() => readLogs("/none", options));
      expect(error, Bun.inspect(options)).toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    for (const path of ["", "a\0b", undefined as never]) {
      expect(thrown(() => readLogs(path))).toMatchObject({ code: "INVALID_ARGUMENT" });
    }
  });

  test("times of a log that is found to be raw", async () => {
    using folder = tempFolder();
    writeFileSync(folder.file("log"), "no time\n");
    const error = await rejection(textsOf(folder.file("log"), { since: new Date() }));
    expect(error).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining("raw"),
    });
  });
});

describe("the format", () => {
  const json = `{"log":"a\\n","stream":"stderr","time":"2026-01-01T00:00:00Z"}\n`;

  test.each([
    ["cri", criLine("a"), "a"],
    ["cri after garbage", `garbage\n${criLine("a")}`, "a"],
    ["json-file", json, "a"],
    ["raw", "a\n", "a"],
    ["raw without a newline", "a", "a"],
    ["raw that begins as JSON", `{"a": 1}`, `{"a": 1}`],
  ])("is found: %s", async (_, text, expected) => {
    using folder = tempFolder();
    writeFileSync(folder.file("log"), text);
    expect(await textsOf(folder.file("log"))).toEqual([expected]);
  });

  test("is found by an older file where the newest one is empty", async () => {
    using folder = tempFolder();
    writeFileSync(folder.file("log.1"), json);
    writeFileSync(folder.file("log"), "");
    expect(await textsOf(folder.file("log"))).toEqual(["a"]);
  });

  test("that is given counts", async () => {
    using folder = tempFolder();
    writeFileSync(folder.file("log"), criLine("a") + json);
    expect(await textsOf(folder.file("log"), { format: jsonFileFormat })).toEqual(["a"]);
    expect(await textsOf(folder.file("log"), { format: rawFormat })).toHaveLength(2);
  });
});

test("an empty log has no records", async () => {
  using folder = tempFolder();
  writeFileSync(folder.file("log"), "");
  expect(await textsOf(folder.file("log"))).toEqual([]);
  rmSync(folder.file("log"));
});
