import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { rejection, until } from "@taskio/test-support";
import { criFormat, openLogWriter } from "../../src/index.ts";
import { dataOf } from "./support/read-files.ts";
import { withoutLeaks } from "./support/without-leaks.ts";

describe("reopen", () => {
  test("goes on in a new file after the old one was moved away", () =>
    withoutLeaks(async (folder) => {
      const [path, moved] = [folder.file("task.log"), folder.file("task.log-20261123")];
      await using log = await openLogWriter(path);
      await log.write("stdout", Buffer.from("before\n"));
      renameSync(path, moved);
      await log.write("stdout", Buffer.from("between\n"));
      await log.reopen();
      await log.write("stdout", Buffer.from("after\n"));
      expect(dataOf(moved, criFormat)).toBe("before\nbetween\n");
      expect(dataOf(path, criFormat)).toBe("after\n");
    }));

  test("lets go of the old file, and has the new one for itself", () =>
    withoutLeaks(async (folder) => {
      const [path, moved] = [folder.file("task.log"), folder.file("moved")];
      await using log = await openLogWriter(path);
      renameSync(path, moved);
      await log.reopen();
      await (await openLogWriter(moved)).close();
      expect(await rejection(openLogWriter(path, { lockMs: 0 }))).toMatchObject({ code: "IN_USE" });
    }));

  test("changes nothing where nobody moved the file", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path);
      await log.write("stdout", Buffer.from("before\n"));
      await log.reopen();
      await log.write("stdout", Buffer.from("after\n"));
      expect(dataOf(path, criFormat)).toBe("before\nafter\n");
    }));

  test("where no new file can be made, the log goes on in the old one", () =>
    withoutLeaks(async (folder) => {
      const [path, moved] = [folder.file("task.log"), folder.file("moved")];
      await using log = await openLogWriter(path);
      renameSync(path, moved);
      mkdirSync(path);
      expect(await rejection(log.reopen())).toMatchObject({ code: "INVALID_ARGUMENT" });
      await log.write("stdout", Buffer.from("in the old one\n"));
      expect(dataOf(moved, criFormat)).toBe("in the old one\n");
      rmdirSync(path);
      await log.reopen();
      await log.write("stdout", Buffer.from("in the new one\n"));
      expect(dataOf(path, criFormat)).toBe("in the new one\n");
    }));

  test("what waits for a rotation is written before", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      await using log = await openLogWriter(path, {
        maxSize: 1 << 20,
        maxFiles: 9,
        compress: true,
      });
      const line = `${"x".repeat(1000)}\n`;
      const waiting = log.write("stdout", Buffer.from(line.repeat(3000)));
      expect(waiting).toBeInstanceOf(Promise);
      await log.reopen();
      expect(dataOf(path, criFormat).length % line.length).toBe(0);
      await waiting;
    }));
});

describe("reopenOnSIGHUP", () => {
  test("reopens at each signal, until the writer is closed", () =>
    withoutLeaks(async (folder) => {
      const others = process.listenerCount("SIGHUP");
      {
        await using _other = await openLogWriter(folder.file("other.log"), {
          reopenOnSIGHUP: true,
        });
        await using _log = await openLogWriter(folder.file("task.log"), { reopenOnSIGHUP: true });
        expect(process.listenerCount("SIGHUP")).toBe(others + 1);
        for (let i = 0; i < 2; i++) {
          renameSync(folder.file("task.log"), folder.file("moved"));
          process.kill(process.pid, "SIGHUP");
          await until(() => readdirSync(folder.path).includes("task.log"), "a new file");
        }
      }
      expect(process.listenerCount("SIGHUP")).toBe(others);
    }));

  test("tells why a log could not be reopened", () =>
    withoutLeaks(async (folder) => {
      const path = folder.file("task.log");
      const told = Promise.withResolvers<unknown>();
      const options = { reopenOnSIGHUP: true, onError: told.resolve };
      await using log = await openLogWriter(path, options);
      renameSync(path, folder.file("moved"));
      mkdirSync(path);
      process.kill(process.pid, "SIGHUP");
      expect(await told.promise).toMatchObject({ code: "INVALID_ARGUMENT", path });
      await log.write("stdout", Buffer.from("in the old one\n"));
      expect(dataOf(folder.file("moved"), criFormat)).toBe("in the old one\n");
    }));
});
