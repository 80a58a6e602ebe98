import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { tempFolder } from "@taskio/test-support";
import { criFormat, openLogWriter } from "../../src/index.ts";
import { allDataOf, filesOf } from "./support/read-files.ts";

const program = new URL("./support/numbers-until-killed.ts", import.meta.url).pathname;
const maxFiles = 200;

/** Runs a writer from a number on, kills it some ms after its first record, and tells the last it noted. */
async function writeAndKill(path: string, from: number, ms: number): Promise<number> {
  await using child = Bun.spawn([process.execPath, program, path, String(from), String(maxFiles)], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of child.stdout) {
    if (chunks.push(chunk) === 1) setTimeout(() => child.kill("SIGKILL"), ms);
  }
  await child.exited;
  expect(child.signalCode).toBe("SIGKILL");
  expect(await child.stderr.text()).toBe("");
  const noted = Buffer.concat(chunks).toString();
  return Number(noted.slice(0, noted.lastIndexOf("\n")).split("\n").at(-1));
}

/** The numbers of all records of a log, oldest first. */
function numbersIn(path: string): number[] {
  const lines = allDataOf(path, criFormat).split("\n").slice(0, -1);
  return lines.map((line) => {
    const [number, rest] = line.split(" ");
    expect(rest).toBe("x".repeat(Number(number) % 50)); // no record is cut
    return Number(number);
  });
}

describe("a writer that is killed", () => {
  test("loses no record that it has written, and leaves none twice, at whatever moment", async () => {
    using folder = tempFolder();
    const path = folder.file("task.log");
    let next = 0;
    let kills = 0;
    for (const deadline = performance.now() + 8000; performance.now() < deadline; kills++) {
      const noted = await writeAndKill(path, next, Math.random() * 30);
      const numbers = numbersIn(path);
      const [first = 0, last = -1] = [numbers[0], numbers.at(-1)];
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => first + i));
      expect(last).toBeGreaterThanOrEqual(noted);
      expect(filesOf(path).length).toBeLessThanOrEqual(maxFiles);
      if (filesOf(path).length < maxFiles - 1) expect(first).toBe(0);
      next = last + 1;
    }
    expect(kills).toBeGreaterThan(1);
    await (await openLogWriter(path, { maxSize: 2000, maxFiles, compress: true })).close();
    const others = readdirSync(folder.path).filter((name) => !/^task\.log(\.\d+\.gz)?$/.test(name));
    expect(others).toEqual([]);
  }, 30_000);

  test("while it compressed: the next one clears up and finishes that", async () => {
    using folder = tempFolder();
    const path = folder.file("task.log");
    const record = (data: string) => `2026-11-23T10:00:00Z stdout F ${data}\n`;
    writeFileSync(`${path}.1`, record("whole"));
    writeFileSync(`${path}.1.gz.tmp`, gzipSync(record("whole")).subarray(0, 20));
    await (await openLogWriter(path, { maxSize: 1000, maxFiles: 3 })).close();
    expect(readdirSync(folder.path).sort()).toEqual(["task.log", "task.log.1"]);
    await (await openLogWriter(path, { maxSize: 1000, maxFiles: 3, compress: true })).close();
    expect(readdirSync(folder.path).sort()).toEqual(["task.log", "task.log.1.gz"]);
    expect(allDataOf(path, criFormat)).toBe("whole\n");
  });

  test("after it compressed, before the original was removed: one of them stays", async () => {
    using folder = tempFolder();
    const path = folder.file("task.log");
    const record = "2026-11-23T10:00:00Z stdout F whole\n";
    writeFileSync(`${path}.1`, record);
    writeFileSync(`${path}.1.gz`, gzipSync(record));
    await (await openLogWriter(path, { maxSize: 1000, maxFiles: 3 })).close();
    expect(existsSync(`${path}.1.gz`)).toBe(false);
    expect(allDataOf(path, criFormat)).toBe("whole\n");
  });

  test("before a new file took the place of the only one: the next one clears up and goes on", async () => {
    using folder = tempFolder();
    const path = folder.file("task.log");
    writeFileSync(path, "2026-11-23T10:00:00Z stdout F old\n");
    writeFileSync(`${path}.new.tmp`, "");
    await using log = await openLogWriter(path, { maxSize: 1000 });
    await log.write("stdout", Buffer.from("new\n"));
    expect(readdirSync(folder.path)).toEqual(["task.log"]);
    expect(allDataOf(path, criFormat)).toBe("old\nnew\n");
  });

  test("between a rotation's two steps: the next one makes the new file", async () => {
    using folder = tempFolder();
    const path = folder.file("task.log");
    writeFileSync(`${path}.1`, "2026-11-23T10:00:00Z stdout F old\n");
    await using log = await openLogWriter(path, { maxSize: 1000, maxFiles: 3 });
    await log.write("stdout", Buffer.from("new\n"));
    expect(allDataOf(path, criFormat)).toBe("old\nnew\n");
  });
});
