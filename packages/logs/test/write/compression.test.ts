import { describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { until } from "@taskio/test-support";
import { criFormat, openLogWriter } from "../../src/index.ts";
import { allDataOf, contentOf, dataOf } from "./support/read-files.ts";
import { withoutLeaks } from "./support/without-leaks.ts";

/** So many lines, which gzip takes its time for. */
function lines(count: number, from = 0): string {
  const line = (_: unknown, i: number) => `${from + i} ${crypto.randomUUID().repeat(2)}\n`;
  return Array.from({ length: count }, line).join("");
}

describe("compression", () => {
  test("leaves docker's names, and each record", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      const written = lines(2000);
      {
        await using log = await openLogWriter(path, {
          maxSize: 50_000,
          maxFiles: 10,
          compress: true,
        });
        await log.write("stdout", Buffer.from(written));
      }
      const names = readdirSync(folder.path).sort();
      const expected = Array.from({ length: names.length - 1 }, (_, i) => `task.log.${i + 1}.gz`);
      expect(names).toEqual(["task.log", ...expected]);
      expect(names.length).toBeGreaterThan(4);
      expect(contentOf(`${path}.1.gz`).length).toBeLessThanOrEqual(50_000);
      expect(statSync(`${path}.1.gz`).mode & 0o777).toBe(statSync(path).mode & 0o777);
      expect(allDataOf(path, criFormat)).toBe(written);
    }));

  test("goes on while records are written, which wait only for the next rotation", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      const size = 8 << 20;
      await using log = await openLogWriter(path, { maxSize: size, maxFiles: 5, compress: true });
      const chunk = Buffer.from(lines(40_000)); // about 4.6 MB of records
      expect(log.write("stdout", chunk)).toBeUndefined();
      expect(log.write("stdout", chunk)).toBeUndefined(); // rotates
      expect(existsSync(`${path}.1`)).toBe(true);
      expect(log.write("stderr", Buffer.from("at once\n"))).toBeUndefined();
      expect(existsSync(`${path}.1.gz`)).toBe(false);
      const waiting = [log.write("stdout", chunk), log.write("stdout", chunk)];
      const after = log.write("stderr", Buffer.from("in its turn\n"));
      expect(after).toBeInstanceOf(Promise);
      await Promise.all([...waiting, after]);
      expect(dataOf(path, criFormat)).toEndWith("in its turn\n");
      const written = `${chunk}${chunk}at once\n${chunk}${chunk}in its turn\n`;
      expect(allDataOf(path, criFormat) === written).toBe(true);
    }));

  test("a finished file is complete whenever it is seen", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path, {
        maxSize: 4 << 20,
        maxFiles: 3,
        compress: true,
      });
      await log.write("stdout", Buffer.from(lines(50_000)));
      await until(() => existsSync(`${path}.1.gz`));
      expect(contentOf(`${path}.1.gz`).at(-1)).toBe(10);
    }));

  test("follows no link at the name of its unfinished file", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      const other = folder.file("other");
      writeFileSync(other, "precious");
      {
        await using log = await openLogWriter(path, { maxSize: 100, maxFiles: 3, compress: true });
        symlinkSync(other, `${path}.1.gz.tmp`);
        await log.write("stdout", Buffer.from(`${"x".repeat(40)}\n`));
        await log.write("stdout", Buffer.from(`${"y".repeat(40)}\n`));
      }
      expect(readFileSync(other, "utf8")).toBe("precious");
      expect(lstatSync(`${path}.1.gz`).isFile()).toBe(true);
      expect(readdirSync(folder.path).sort()).toEqual(["other", "task.log", "task.log.1.gz"]);
    }));

  test("close waits for it, or ends it", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      const options = { maxSize: 10 << 20, maxFiles: 3, compress: true };
      const first = await openLogWriter(path, options);
      await first.write("stdout", Buffer.from(lines(100_000)));
      expect(existsSync(`${path}.1`)).toBe(true);
      await first.close({ signal: AbortSignal.abort() });
      expect(readdirSync(folder.path).sort()).toEqual(["task.log", "task.log.1"]);
      await (await openLogWriter(path, options)).close();
      expect(readdirSync(folder.path).sort()).toEqual(["task.log", "task.log.1.gz"]);
    }));
});
