import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tempFolder, until } from "@taskio/test-support";
import { expectNoLeaks, snapshotResources } from "@taskio/testkit";
import {
  criFormat,
  jsonFileFormat,
  type LogFormat,
  type LogLoss,
  type LogWriter,
  openLogWriter,
  rawFormat,
} from "../../src/index.ts";
import { allDataOf, dataOf } from "./support/read-files.ts";
import { missingSmallDisk, smallDisk } from "./support/small-disk.ts";

const missing = missingSmallDisk();
const title = `a full disk${missing ? ` (skipped: ${missing})` : ""}`;

/** Writes numbered lines in chunks of 40 until some are lost, and then 10 chunks more. */
async function overfill(log: LogWriter, line: (i: number) => string): Promise<string> {
  const written: string[] = [];
  for (let i = 0, after = 0; after < 10; after += log.lost.bytes > 0 ? 1 : 0) {
    const chunk = Array.from({ length: 40 }, () => line(i++)).join("");
    expect(log.write("stdout", Buffer.from(chunk))).toBeUndefined();
    written.push(chunk);
  }
  return written.join("");
}

describe.skipIf(missing !== undefined)(title, () => {
  test.each([criFormat, jsonFileFormat, rawFormat])(
    "blocks nothing, and is told once: $name",
    async (format) => {
      using disk = smallDisk(256 << 10);
      const before = snapshotResources();
      await fillAndGoOn(disk.file, format);
      await expectNoLeaks(before);
    },
  );

  test("what is lost while files are rotated is told too, and the chain stays whole", async () => {
    using disk = smallDisk(128 << 10);
    const path = disk.file("task.log");
    writeFileSync(disk.file("ballast"), Buffer.alloc(64 << 10));
    const losses: LogLoss[] = [];
    await using log = await openLogWriter(path, {
      maxSize: 10_000,
      maxFiles: 100,
      onLoss: (loss) => void losses.push(loss),
    });
    const written = await overfill(log, (i) => `line ${i}\n`);
    const kept = allDataOf(path, criFormat);
    expect(written.startsWith(kept)).toBe(true);
    expect(log.lost.bytes).toBe(written.length - kept.length);
    rmSync(disk.file("ballast"));
    await log.write("stdout", Buffer.from("room again\n"));
    expect(allDataOf(path, criFormat)).toBe(`${kept}room again\n`);
    expect(losses.map(({ over }) => over)).toEqual([false, true]);
  });

  test("a part that cannot be compressed stays as it is, and is told", async () => {
    using disk = smallDisk(128 << 10);
    const path = disk.file("task.log");
    const told = Promise.withResolvers<string>();
    await using log = await openLogWriter(path, {
      maxSize: 40_000,
      maxFiles: 3,
      compress: true,
      onError: ({ message }) => told.resolve(message),
    });
    writeFileSync(disk.file("ballast"), Buffer.alloc(80 << 10));
    const noise = () =>
      `${Buffer.from(crypto.getRandomValues(new Uint8Array(300))).toString("hex")}\n`;
    const lines = Array.from({ length: 64 }, noise);
    for (const line of lines) void log.write("stdout", Buffer.from(line));
    expect(await told.promise).toContain(`failed to compress the log "${path}.1"`);
    expect(dataOf(`${path}.1`, criFormat)).toBe(lines.slice(0, 62).join(""));
    expect(() => statSync(`${path}.1.gz`)).toThrow();
    expect(() => statSync(`${path}.1.gz.tmp`)).toThrow();
  });

  test("the only file is kept, and told of, while no new one can be made", async () => {
    using disk = smallDisk(128 << 10, { inodes: 2 }); // the folder and the log
    const path = disk.file("task.log");
    const told: string[] = [];
    await using log = await openLogWriter(path, {
      maxSize: 100,
      onError: ({ message }) => void told.push(message),
    });
    for (let i = 0; i < 6; i++) await log.write("stdout", Buffer.from(`line ${i}\n`));
    expect(dataOf(path, criFormat)).toBe("line 0\nline 1\nline 2\nline 3\nline 4\nline 5\n");
    expect(log.lost.bytes).toBe(0);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("ENOSPC");
    expect(readdirSync(disk.path)).toEqual(["task.log"]);
    Bun.spawnSync(["mount", "-o", "remount,nr_inodes=3", disk.path]);
    await log.write("stdout", Buffer.from("line 6\n"));
    expect(dataOf(path, criFormat)).toBe("line 6\n");
    expect(readdirSync(disk.path)).toEqual(["task.log"]);
  });

  test("a loss that lasts to the end is told by close", async () => {
    using disk = smallDisk(64 << 10);
    const losses: LogLoss[] = [];
    const log = await openLogWriter(disk.file("task.log"), {
      onLoss: (loss) => void losses.push(loss),
    });
    await overfill(log, (i) => `line ${i}\n`);
    await log.close();
    expect(losses.map(({ over, closed }) => [over, closed])).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(losses[1]!.bytes).toBe(log.lost.bytes);
  });

  test("a warning says how a loss has ended", async () => {
    using disk = smallDisk(128 << 10);
    writeFileSync(disk.file("ballast"), Buffer.alloc(64 << 10));
    const warnings: string[] = [];
    const listener = ({ message }: Error) => void warnings.push(message);
    process.on("warning", listener);
    try {
      await using log = await openLogWriter(disk.file("task.log"));
      await overfill(log, (i) => `line ${i}\n`);
      rmSync(disk.file("ballast"));
      await log.write("stdout", Buffer.from("room again\n"));
      await overfill(log, (i) => `line ${i}\n`.repeat(10));
      await log.close();
      await until(() => warnings.length === 4);
    } finally {
      process.off("warning", listener);
    }
    expect(warnings[0]).toContain("bytes of output are lost: ");
    expect(warnings[1]).toEndWith("bytes of output are lost, the log is written again");
    expect(warnings[3]).toEndWith("bytes of output are lost, until the log was closed");
  });

  test("a listener may write to the log that output is missing", async () => {
    using disk = smallDisk(128 << 10);
    const path = disk.file("task.log");
    writeFileSync(disk.file("ballast"), Buffer.alloc(64 << 10));
    await using log = await openLogWriter(path, {
      onLoss({ over, bytes }) {
        if (over) void log.write("stderr", Buffer.from(`${bytes} bytes are missing\n`));
      },
    });
    await overfill(log, (i) => `line ${i}\n`);
    const { bytes } = log.lost;
    rmSync(disk.file("ballast"));
    await log.write("stdout", Buffer.from("room again\n"));
    expect(dataOf(path, criFormat)).toEndWith(`\nroom again\n${bytes} bytes are missing\n`);
  });

  test("a disk without any room costs all of each chunk, of both streams", async () => {
    using disk = smallDisk(64 << 10);
    const path = disk.file("task.log");
    writeFileSync(disk.file("ballast"), Buffer.alloc(64 << 10));
    await using log = await openLogWriter(path, { onLoss() {} });
    await log.write("stdout", Buffer.from("one\ntwo\n"));
    expect(log.lost.bytes).toBe(8);
    await log.write("stderr", Buffer.from("three\n"));
    expect(log.lost.bytes).toBe(14);
    rmSync(disk.file("ballast"));
    await log.write("stderr", Buffer.from("four\n"));
    expect(dataOf(path, criFormat)).toBe("four\n");
  });

  test("a torn record is ended as soon as there is room", async () => {
    using disk = smallDisk(64 << 10);
    const path = disk.file("task.log");
    const whole = "2026-11-23T10:00:00Z stdout F whole\n";
    const torn = `${whole}${"2026-11-23T10:00:00Z stdout F ".padEnd(4096 - whole.length, "x")}`;
    writeFileSync(path, torn); // a page: another byte needs another one
    writeFileSync(disk.file("ballast"), Buffer.alloc(60 << 10));
    await using log = await openLogWriter(path, { onLoss() {} });
    await log.write("stdout", Buffer.from("lost\n"));
    expect(statSync(path).size).toBe(torn.length);
    rmSync(disk.file("ballast"));
    await log.write("stdout", Buffer.from("next\n"));
    expect(dataOf(path, criFormat)).toBe("whole\nnext\n");
    expect(log.lost.bytes).toBe(5);
  });
});

async function fillAndGoOn(file: (name: string) => string, format: LogFormat): Promise<void> {
  const path = file("task.log");
  writeFileSync(file("ballast"), Buffer.alloc(64 << 10));
  const losses: LogLoss[] = [];
  await using log = await openLogWriter(path, { format, onLoss: (loss) => void losses.push(loss) });

  const written = await overfill(log, (i) => `line ${i} — no room\n`);
  const kept = dataOf(path, format);
  expect(written.startsWith(kept)).toBe(true);
  expect(log.lost.bytes).toBe(Buffer.byteLength(written) - Buffer.byteLength(kept));
  expect(log.lost.error).toMatchObject({ code: "UNAVAILABLE", errno: "ENOSPC" });
  expect(losses.map(({ over }) => over)).toEqual([false]);
  if (format.framed) expect(readFileSync(path, "utf8")).toEndWith("\n");

  rmSync(file("ballast"));
  await log.write("stdout", Buffer.from("room again\n"));
  await log.write("stdout", Buffer.from("and again\n"));
  expect(dataOf(path, format)).toBe(`${kept}room again\nand again\n`);
  expect(losses.map(({ over, bytes }) => [over, bytes])).toEqual([
    [false, expect.any(Number)],
    [true, log.lost.bytes],
  ]);
}

describe("a limit of the file's size", () => {
  test("counts what is beyond it, and keeps whole records only", async () => {
    using folder = tempFolder();
    const path = folder.file("task.log");
    const program = new URL("./support/write-to-limit.ts", import.meta.url).pathname;
    const { stdout, stderr, exitCode } = Bun.spawnSync(
      ["sh", "-c", 'ulimit -f 20 && exec "$@"', "sh", process.execPath, program, path],
      { env: process.env },
    );
    expect(stderr.toString()).toBe("");
    expect(exitCode).toBe(0);
    const { total, lost, errno } = JSON.parse(stdout.toString()) as Record<string, number | string>;
    expect(errno).toBe("EFBIG");
    const kept = dataOf(path, criFormat);
    expect(lost).toBe(Number(total) - kept.length);
    expect(readFileSync(path, "utf8")).toEndWith("\n");
  });
});
