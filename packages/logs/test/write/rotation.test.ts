import { describe, expect, test } from "bun:test";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import type { TaskIOError } from "@taskio/core";
import {
  criFormat,
  jsonFileFormat,
  type LogWriter,
  openLogWriter,
  rawFormat,
} from "../../src/index.ts";
import { moveAside } from "../../src/write/rotation.ts";
import { allDataOf, dataOf, filesOf } from "./support/read-files.ts";
import { withoutLeaks } from "./support/without-leaks.ts";

/** Numbered lines, each written by a call of its own. */
async function writeLines(log: LogWriter, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++) await log.write("stdout", Buffer.from(`line ${i}\n`));
}

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`).join("");
}

function namesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

describe("rotation", () => {
  test("keeps maxFiles files, by docker's names, the newest first", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path, { maxSize: 1000, maxFiles: 3 });
      await writeLines(log, 0, 200);
      expect(namesIn(folder.path)).toEqual(["task.log", "task.log.1", "task.log.2"]);
      for (const file of filesOf(path)) expect(statSync(file).size).toBeLessThanOrEqual(1000);
      expect(statSync(`${path}.1`).size).toBeGreaterThan(1000 - 60);
      expect(lines(0, 200)).toEndWith(allDataOf(path, criFormat));
      expect(dataOf(path, criFormat)).toEndWith("line 199\n");
      expect(log.lost.bytes).toBe(0);
    }));

  test("without maxFiles, the file is begun anew and the old one is gone", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path, { maxSize: 1000 });
      await writeLines(log, 0, 200);
      expect(namesIn(folder.path)).toEqual(["task.log"]);
      expect(statSync(path).size).toBeLessThanOrEqual(1000);
      expect(lines(0, 200)).toEndWith(allDataOf(path, criFormat));
    }));

  test("without maxSize, a file grows", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path, { maxFiles: 3 });
      await writeLines(log, 0, 1000);
      expect(namesIn(folder.path)).toEqual(["task.log"]);
    }));

  test("cuts one large write between records, into as many files as it takes", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path, { maxSize: 2000, maxFiles: 100 });
      await log.write("stderr", Buffer.from(lines(0, 500)));
      expect(filesOf(path).length).toBeGreaterThan(10);
      for (const file of filesOf(path)) {
        expect(statSync(file).size).toBeLessThanOrEqual(2000);
        expect(readFileSync(file, "utf8")).toEndWith("\n");
      }
      expect(allDataOf(path, criFormat)).toBe(lines(0, 500));
    }));

  test.each([criFormat, jsonFileFormat])(
    "a record that is larger has its own file: $name",
    (format) =>
      withoutLeaks(async (folder) => {
        const path = folder.file("task.log");
        await using log = await openLogWriter(path, { format, maxSize: 200, maxFiles: 10 });
        const large = `${"x".repeat(1000)}\n`;
        await log.write("stdout", Buffer.from(`before\n${large}after\n`));
        expect(filesOf(path).map((file) => dataOf(file, format))).toEqual([
          "before\n",
          large,
          "after\n",
        ]);
      }),
  );

  test("cuts raw output after a newline where there is one, and never exceeds maxSize", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path, { format: rawFormat, maxSize: 10, maxFiles: 10 });
      await log.write("stdout", Buffer.from("abc\ndefg\nhij"));
      await log.write("stdout", Buffer.from("k\n"));
      await log.write("stdout", Buffer.from("0123456789ABCDEF\n"));
      const contents = filesOf(path).map((file) => readFileSync(file, "utf8"));
      expect(contents).toEqual(["abc\ndefg\n", "hijk\n", "0123456789", "ABCDEF\n"]);
    }));

  test("a file that was full already is rotated by the first write", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      writeFileSync(path, `${"x".repeat(500)}\n`);
      await using log = await openLogWriter(path, { maxSize: 100, maxFiles: 2 });
      await writeLines(log, 0, 1);
      expect(statSync(`${path}.1`).size).toBe(501);
      expect(dataOf(path, criFormat)).toBe("line 0\n");
    }));

  test("counts anew after somebody emptied the file", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path, { maxSize: 1000, maxFiles: 5 });
      await writeLines(log, 0, 20);
      truncateSync(path, 0);
      await writeLines(log, 20, 40);
      expect(namesIn(folder.path)).toEqual(["task.log"]);
      expect(dataOf(path, criFormat)).toBe(lines(20, 40));
    }));

  test("makes a new file where somebody removed or moved its own, and moves no other one", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path, { maxSize: 1000, maxFiles: 5 });
      await writeLines(log, 0, 1);
      renameSync(path, folder.file("moved"));
      await writeLines(log, 1, 40);
      expect(namesIn(folder.path)).toEqual(["moved", "task.log"]);
      expect(dataOf(folder.file("moved"), criFormat) + allDataOf(path, criFormat)).toBe(
        lines(0, 40),
      );
    }));

  test("where a file cannot be moved the log goes on in it, says so once, and catches up", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      mkdirSync(`${path}.1`); // no file can be put there, nor can it be moved onto what is in it
      mkdirSync(`${path}.2`);
      writeFileSync(`${path}.2/x`, "");
      const errors: TaskIOError[] = [];
      const onError = (error: TaskIOError) => void errors.push(error);
      await using log = await openLogWriter(path, { maxSize: 1000, maxFiles: 3, onError });
      await writeLines(log, 0, 100);
      expect(dataOf(path, criFormat)).toBe(lines(0, 100));
      expect(errors.map(({ message }) => message)).toEqual([
        expect.stringContaining(`failed to rotate the log "${path}"`),
      ]);
      expect(log.lost.bytes).toBe(0);
      rmSync(`${path}.2`, { recursive: true });
      rmdirSync(`${path}.1`);
      await writeLines(log, 100, 101);
      expect(dataOf(`${path}.1`, criFormat)).toBe(lines(0, 100));
      expect(dataOf(path, criFormat)).toBe("line 100\n");
    }));

  test("where another writer was quicker at the path, the log goes on in its old file", () =>
    withoutLeaks(async (folder) => {
      const [path, moved] = [folder.file("task.log"), folder.file("moved")];
      const errors: TaskIOError[] = [];
      const onError = (error: TaskIOError) => void errors.push(error);
      await using log = await openLogWriter(path, { maxSize: 1000, maxFiles: 3, onError });
      renameSync(path, moved);
      {
        await using other = await openLogWriter(path);
        await writeLines(log, 0, 100);
        await writeLines(other, 0, 1);
      }
      expect(errors.map(({ code }) => code)).toEqual(["IN_USE"]);
      expect(dataOf(moved, criFormat)).toBe(lines(0, 100));
      await writeLines(log, 100, 101);
      expect(dataOf(path, criFormat)).toBe(lines(0, 1) + lines(100, 101));
    }));

  test("a listener that writes to the log and throws harms nothing", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      mkdirSync(`${path}.1/x`, { recursive: true });
      const onError = () => {
        void log.write("stderr", Buffer.from("cannot rotate\n"));
        throw new Error("from a listener of the test");
      };
      await using log = await openLogWriter(path, { maxSize: 100, maxFiles: 2, onError });
      await writeLines(log, 0, 5);
      expect(dataOf(path, criFormat)).toContain("cannot rotate\n");
      expect(dataOf(path, criFormat).replace("cannot rotate\n", "")).toBe(lines(0, 5));
    }));
});

describe("moveAside", () => {
  const cases: { what: string; maxFiles: number; before: string[]; after: string[] }[] = [
    { what: "the first", maxFiles: 3, before: ["f"], after: ["f.1=f"] },
    { what: "a full chain", maxFiles: 3, before: ["f", "f.1", "f.2"], after: ["f.1=f", "f.2=f.1"] },
    {
      what: "a gap, which it fills",
      maxFiles: 5,
      before: ["f", "f.1", "f.3"],
      after: ["f.1=f", "f.2=f.1", "f.3=f.3"],
    },
    { what: "a gap at the first", maxFiles: 3, before: ["f", "f.2"], after: ["f.1=f", "f.2=f.2"] },
    {
      what: "compressed ones",
      maxFiles: 4,
      before: ["f", "f.1.gz", "f.2.gz", "f.3.gz"],
      after: ["f.1=f", "f.2.gz=f.1.gz", "f.3.gz=f.2.gz"],
    },
    {
      what: "both kinds",
      maxFiles: 4,
      before: ["f", "f.1", "f.2.gz"],
      after: ["f.1=f", "f.2=f.1", "f.3.gz=f.2.gz"],
    },
    {
      what: "one of both names",
      maxFiles: 4,
      before: ["f", "f.1", "f.1.gz"],
      after: ["f.1=f", "f.2=f.1"],
    },
    {
      what: "more than maxFiles",
      maxFiles: 2,
      before: ["f", "f.1", "f.2", "f.3.gz"],
      after: ["f.1=f"],
    },
  ];
  test.each(cases)("$what", ({ maxFiles, before, after }) =>
    withoutLeaks(async (folder) => {
      for (const name of before) writeFileSync(folder.file(name), name);
      moveAside(folder.file("f"), maxFiles);
      expect(
        namesIn(folder.path).map((name) => `${name}=${readFileSync(folder.file(name))}`),
      ).toEqual(after);
    }),
  );
});
