import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { newFIFOSetInDir } from "@taskio/fifo";
import { rejection, tempFolder } from "@taskio/test-support";
import {
  criFormat,
  jsonFileFormat,
  type LogWriterOptions,
  openLogWriter,
  rawFormat,
} from "../../src/index.ts";
import { allDataOf, dataOf } from "./support/read-files.ts";
import { withoutLeaks } from "./support/without-leaks.ts";

describe("openLogWriter", () => {
  test("makes a file that is there before anything is written", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using _log = await openLogWriter(path);
      expect(statSync(path).size).toBe(0);
      expect(statSync(path).mode & 0o777).toBe(0o640);
    }));

  test("gives files the mode it was asked for", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path, { mode: 0o600, maxSize: 100, maxFiles: 2 });
      for (let i = 0; i < 4; i++) await log.write("stdout", Buffer.from("some line\n"));
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(`${path}.1`).mode & 0o777).toBe(0o600);
    }));

  test("writes both streams' records in the order of the writes", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path);
      await log.write("stdout", Buffer.from("one\ntwo\n"));
      await log.write("stderr", Buffer.from("three\n"));
      await log.write("stdout", Buffer.from("four, cut"));
      const records = readFileSync(path, "utf8")
        .split("\n")
        .map((line) => line.split(" ").slice(1));
      expect(records.map((record) => record.join(" "))).toEqual([
        "stdout F one",
        "stdout F two",
        "stderr F three",
        "stdout P four, cut",
        "",
      ]);
    }));

  test("keeps what is in the file", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      for (const line of ["one\n", "two\n"]) {
        await using log = await openLogWriter(path, { format: jsonFileFormat });
        await log.write("stdout", Buffer.from(line));
      }
      expect(allDataOf(path, jsonFileFormat)).toBe("one\ntwo\n");
    }));

  test("end and close write what json-file keeps back of a character", () =>
    withoutLeaks(async (folder) => {
      const [path, euro] = [folder.file("task.log"), Buffer.from("€")];
      const log = await openLogWriter(path, { format: jsonFileFormat });
      await log.write("stdout", euro.subarray(0, 2));
      expect(statSync(path).size).toBe(0);
      await log.end("stdout");
      expect(statSync(path).size).toBeGreaterThan(0);
      await log.write("stderr", euro.subarray(0, 1));
      await log.close();
      expect(readFileSync(path, "utf8").split("\n").length).toBe(3);
    }));

  test.each(["2026-11-23T10:00:00Z stdo", "2026-11-23T10:00:00Z stdout F cut in its da", "2"])(
    "ends a torn record of a writer that was killed, for readers to skip: %s",
    (torn) =>
      withoutLeaks(async (folder) => {
        const path = folder.file("task.log");
        writeFileSync(path, `2026-11-23T10:00:00Z stdout F whole\n${torn}`);
        await using log = await openLogWriter(path);
        await log.write("stdout", Buffer.from("next\n"));
        expect(dataOf(path, criFormat)).toBe("whole\nnext\n");
      }),
  );

  test("ends a torn record that is alone in its file", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      writeFileSync(path, '{"log":"cut');
      await using log = await openLogWriter(path, { format: jsonFileFormat });
      await log.write("stdout", Buffer.from("next\n"));
      expect(dataOf(path, jsonFileFormat)).toBe("next\n");
    }));

  test("goes on in the middle of a line where a file has lines only", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      writeFileSync(path, "no newl");
      await using log = await openLogWriter(path, { format: rawFormat });
      await log.write("stdout", Buffer.from("ine\n"));
      expect(readFileSync(path, "utf8")).toBe("no newline\n");
    }));

  test("a second writer is refused, until the first is closed", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      const first = await openLogWriter(path);
      const error = await rejection(openLogWriter(path, { lockMs: 50 }));
      expect(error).toMatchObject({
        code: "IN_USE",
        message: expect.stringContaining(`"${path}" is being written by another writer`),
      });
      await first.close();
      await (await openLogWriter(path)).close();
    }));

  test("a second writer waits a moment for the end of the first", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      const first = await openLogWriter(path, { maxSize: 100, maxFiles: 2 });
      const second = openLogWriter(path, { maxSize: 100, maxFiles: 2 });
      await first.write("stdout", Buffer.from("of the first\n".repeat(10)));
      await Bun.sleep(100);
      await first.close();
      await using log = await second;
      await log.write("stdout", Buffer.from("of the second\n"));
      expect(readFileSync(path, "utf8")).toEndWith(" stdout F of the second\n");
    }));

  test("a second writer no longer waits when its signal says so", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using _first = await openLogWriter(path);
      const reason = new Error("no longer wanted");
      for (const signal of [AbortSignal.abort(reason), abortedLater(reason)]) {
        expect(await rejection(openLogWriter(path, { signal, lockMs: 60_000 }))).toBe(reason);
      }
    }));

  test("after close, and after a second one, nothing can be written", () =>
    withoutLeaks(async (folder) => {
      const log = await openLogWriter(folder.file("task.log"));
      await log.close();
      await log.close();
      expect(() => log.write("stdout", Buffer.from("x"))).toThrow(/is closed/);
      expect(await rejection(log.reopen())).toMatchObject({ code: "CLOSED" });
    }));

  test("says which stream it does not know", () =>
    withoutLeaks(async (folder) => {
      await using log = await openLogWriter(folder.file("task.log"));
      expect(() => log.sink("stdin" as "stdout")).toThrow(/invalid stream "stdin"/);
    }));

  test("writes through a symbolic link, which it would not rotate", () =>
    withoutLeaks(async (folder) => {
      const [path, target] = [folder.file("link"), folder.file("target")];
      writeFileSync(target, "");
      symlinkSync(target, path);
      {
        await using log = await openLogWriter(path);
        await log.write("stdout", Buffer.from("a\n"));
      }
      expect(dataOf(target, criFormat)).toBe("a\n");
      const error = await rejection(openLogWriter(path, { maxSize: 100 }));
      expect(error).toMatchObject({ code: "INVALID_ARGUMENT", path });
      expect(error).toMatchObject({ message: expect.stringContaining("is a symbolic link") });
    }));
});

describe("openLogWriter refuses", () => {
  const invalid: [string, LogWriterOptions, RegExp][] = [
    ["a maxSize of 0", { maxSize: 0 }, /invalid maxSize 0/],
    ["a negative maxSize", { maxSize: -1 }, /invalid maxSize -1/],
    ["a maxSize that is no number", { maxSize: NaN }, /invalid maxSize NaN/],
    ["half a byte", { maxSize: 0.5 }, /invalid maxSize 0.5/],
    ["no file at all", { maxSize: 9, maxFiles: 0 }, /invalid maxFiles 0/],
    ["one file and a half", { maxSize: 9, maxFiles: 1.5 }, /invalid maxFiles 1.5/],
    ["to compress the only file", { maxSize: 9, compress: true }, /only rotated files/],
    ["to compress without rotation", { maxFiles: 3, compress: true }, /only rotated files/],
    ["a format's name", { format: "cri" as never }, /invalid log format "cri"/],
    ["a mode that keeps the owner out", { mode: 0o040 }, /invalid mode 32/],
    ["a mode that is none", { mode: 0o10000 }, /invalid mode 4096/],
    ["a wait that is none", { lockMs: -1 }, /invalid lockMs -1/],
    ["a signal's name", { reopenOnSIGHUP: "SIGHUP" as never }, /invalid reopenOnSIGHUP "SIGHUP"/],
    ["a listener that is none", { onLoss: 1 as never }, /invalid onLoss 1/],
  ];
  test.each(invalid)("%s, and makes no file", async (_name, options, message) => {
    using folder = tempFolder();
    const path = folder.file("task.log");
    const error = await rejection(openLogWriter(path, options));
    expect(error).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(message),
    });
    expect(existsSync(path)).toBe(false);
  });

  test.each(["", "a\0b", 7 as never])("the path %p", async (path) => {
    expect(await rejection(openLogWriter(path))).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("a folder", () =>
    withoutLeaks(async (folder) => {
      const error = await rejection(openLogWriter(folder.path));
      expect(error).toMatchObject({
        code: "INVALID_ARGUMENT",
        message: expect.stringContaining("is not a regular file"),
      });
    }));

  test("a FIFO, which it does not touch", () =>
    withoutLeaks(async (folder) => {
      await using fifos = await newFIFOSetInDir(folder.path, "task-1", false);
      const error = await rejection(openLogWriter(fifos.config.stdout));
      expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
    }));

  test("a device", async () => {
    expect(await rejection(openLogWriter("/dev/null"))).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("a folder that is missing", () =>
    withoutLeaks(async (folder) => {
      const error = await rejection(openLogWriter(folder.file("none/task.log")));
      expect(error).toMatchObject({ code: "NOT_FOUND", errno: "ENOENT" });
    }));

  test("a path below a file", () =>
    withoutLeaks(async (folder) => {
      writeFileSync(folder.file("file"), "");
      const error = await rejection(openLogWriter(folder.file("file/task.log")));
      expect(error).toMatchObject({ code: "INVALID_ARGUMENT", errno: "ENOTDIR" });
    }));

  test("a name that cannot be cleared up beside, and lets go of the file", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      mkdirSync(`${path}.1.gz.tmp`);
      await rejection(openLogWriter(path, { maxSize: 100 }));
      await (await openLogWriter(path)).close();
    }));
});

function abortedLater(reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  return controller.signal;
}
