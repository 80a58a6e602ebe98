import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "bun:test";
import { criFormat, openLogWriter, rawFormat } from "../../src/index.ts";
import { criLine, numbered, rawNumbered } from "./support/cri-line.ts";
import { FollowedLog } from "./support/followed-log.ts";
import { numbers } from "./support/texts-of.ts";

test("what is there and what comes later is read", async () => {
  await using log = new FollowedLog();
  log.append(numbered(1, 3));
  log.follow();
  await log.has("3");
  log.append(numbered(4, 4));
  await log.has("4");
  log.append(numbered(5, 5));
  expect(await log.end()).toEqual(numbers(1, 5));
});

test("a log that is not there is waited for, and its folder too", async () => {
  await using log = new FollowedLog();
  rmSync(log.folder.path, { recursive: true });
  log.follow();
  await Bun.sleep(50);
  expect(log.texts).toEqual([]);
  mkdirSync(log.folder.path);
  log.append(numbered(1, 2));
  await log.has("2");
  expect(await log.end()).toEqual(numbers(1, 2));
});

test("n#2903, c#8872: it goes on over rename and create", async () => {
  await using log = new FollowedLog();
  log.append(numbered(1, 2));
  log.follow();
  await log.has("2");
  renameSync(log.path, `${log.path}.1`);
  log.append(numbered(3, 4));
  await log.has("4");
  renameSync(`${log.path}.1`, `${log.path}.2`);
  renameSync(log.path, `${log.path}.1`);
  log.append(numbered(5, 6));
  expect(await log.end()).toEqual(numbers(1, 6));
});

test("it goes on over several rotations between two looks", async () => {
  await using log = new FollowedLog();
  log.append(numbered(1, 2));
  log.follow();
  await log.has("2");
  log.append(numbered(3, 3));
  renameSync(log.path, `${log.path}.3`);
  writeFileSync(`${log.path}.2.gz`, gzipSync(numbered(4, 5)));
  writeFileSync(`${log.path}.1`, numbered(6, 7));
  log.append(numbered(8, 9));
  expect(await log.end()).toEqual(numbers(1, 9));
});

test("it goes on where its file was removed by rotations between two looks", async () => {
  await using log = new FollowedLog();
  log.append(numbered(3, 4), `${log.path}.1`);
  log.append(numbered(5, 6));
  log.follow();
  await log.has("6");
  log.append(numbered(7, 7));
  rmSync(log.path);
  log.append(numbered(8, 9), `${log.path}.1`.replace(".1", ".new"));
  renameSync(`${log.path}.new`, `${log.path}.1`);
  log.append(numbered(10, 10));
  expect(await log.end()).toEqual(numbers(3, 10));
});

test("what is written to a renamed file before its writer reopens the log is read", async () => {
  await using log = new FollowedLog();
  log.append(numbered(1, 2));
  log.follow();
  await log.has("2");
  renameSync(log.path, `${log.path}.1`);
  writeFileSync(log.path, "");
  await Bun.sleep(50);
  log.append(numbered(3, 3), `${log.path}.1`);
  await log.has("3");
  log.append(numbered(4, 4), `${log.path}.1`);
  log.append(numbered(5, 5));
  expect(await log.end()).toEqual(numbers(1, 5));
});

test("it goes on over delete and create, and reads no older file again", async () => {
  await using log = new FollowedLog();
  log.append(numbered(1, 2), `${log.path}.1`);
  log.append(numbered(3, 4));
  log.follow();
  await log.has("4");
  writeFileSync(`${log.path}.1.gz`, gzipSync(readFileSync(`${log.path}.1`)));
  rmSync(`${log.path}.1`);
  rmSync(log.path);
  log.append(numbered(5, 6));
  await log.has("6");
  expect(await log.end()).toEqual(numbers(1, 6));
});

test.each([
  ["is shorter", 2],
  ["has grown again", 9],
])("m#45728: it goes on in a truncated file that %s", async (_, last) => {
  await using log = new FollowedLog();
  log.append(numbered(1, 4));
  log.follow();
  await log.has("4");
  truncateSync(log.path);
  log.append(numbered(11, 10 + last));
  await log.has(String(10 + last));
  expect(await log.end()).toEqual([...numbers(1, 4), ...numbers(11, 10 + last)]);
});

test.each([[false], [true]])(
  "what was not read before copytruncate is read in the copy, compressed: %p",
  async (compressed) => {
    await using log = new FollowedLog();
    log.append(numbered(-1, 0), `${log.path}.1`);
    log.append(numbered(1, 4));
    log.follow();
    await log.has("4");
    log.append(numbered(5, 6));
    renameSync(`${log.path}.1`, `${log.path}.2`);
    if (compressed) writeFileSync(`${log.path}.1.gz`, gzipSync(readFileSync(log.path)));
    else copyFileSync(log.path, `${log.path}.1`);
    truncateSync(log.path);
    log.append(numbered(7, 20));
    await log.has("20");
    expect(await log.end()).toEqual(numbers(-1, 20));
  },
);

test("a file that is compressed while it waits for its successor's first line is read once", async () => {
  await using log = new FollowedLog();
  log.append("1\n", `${log.path}.1`);
  log.append("");
  log.follow({ format: rawFormat });
  await log.has("1");
  writeFileSync(`${log.path}.1.gz`, gzipSync("1\n"));
  rmSync(`${log.path}.1`);
  await Bun.sleep(100);
  log.append("2\n");
  expect(await log.end()).toEqual(numbers(1, 2));
});

test("a file that is being copied to be truncated is read once", async () => {
  await using log = new FollowedLog();
  log.append(numbered(1, 9));
  await Bun.sleep(20); // a copy is younger
  writeFileSync(`${log.path}.1`, readFileSync(log.path).subarray(0, 100));
  log.follow();
  await log.has("9");
  log.append(numbered(10, 11));
  copyFileSync(log.path, `${log.path}.1`);
  truncateSync(log.path);
  log.append(numbered(12, 12));
  expect(await log.end()).toEqual(numbers(1, 12));
});

test.each([
  ["cri", criFormat, numbered],
  ["raw", rawFormat, rawNumbered],
])("a file that is compressed while it is read is known again: %s", async (_, format, lines) => {
  await using log = new FollowedLog();
  log.append(lines(1, 2), `${log.path}.1`);
  log.append(lines(3, 4));
  log.follow({ format });
  await log.has("4");
  log.append(lines(5, 5));
  renameSync(`${log.path}.1`, `${log.path}.2`);
  writeFileSync(`${log.path}.1.gz`, gzipSync(readFileSync(log.path)));
  rmSync(log.path);
  log.append(lines(6, 7));
  expect(await log.end()).toEqual(numbers(1, 7));
});

test("a record that was cut by the change of files is whole again", async () => {
  await using log = new FollowedLog();
  const all = numbered(1, 3);
  log.append(all.slice(0, all.length - 10));
  log.follow();
  await log.has("2");
  renameSync(log.path, `${log.path}.1`);
  log.append(all.slice(all.length - 10) + numbered(4, 4));
  expect(await log.end()).toEqual(numbers(1, 4));
});

test("an unfinished record is waited for, and a torn one is skipped", async () => {
  await using log = new FollowedLog();
  const three = criLine("3");
  log.append(numbered(1, 2) + three.slice(0, 35));
  log.follow();
  await log.has("2");
  log.append(three.slice(35));
  await log.has("3");
  log.append(`${three.slice(0, 20)}\n${numbered(4, 4)}${three.slice(0, 35)}`);
  expect(await log.end()).toEqual(numbers(1, 4));
});

test.each([10, 1000])(
  "a torn record of %d bytes that the next writer mends is skipped, and what comes is read",
  async (size) => {
    await using log = new FollowedLog();
    log.append(numbered(1, 2) + criLine("3".repeat(size)).slice(0, -4));
    log.follow();
    await log.has("2");
    await Bun.sleep(50);
    await using writer = await openLogWriter(log.path);
    await writer.write("stdout", Buffer.from("4\n"));
    await log.has("4");
    await writer.write("stdout", Buffer.from("5\n"));
    expect(await log.end()).toEqual(["1", "2", "4", "5"]);
  },
);

test("a line that is longer than a block is read, and waited for", async () => {
  await using log = new FollowedLog();
  const long = "2".repeat(200_000);
  log.append(numbered(1, 1) + criLine(long).slice(0, -70_000));
  log.follow();
  await log.has("1");
  log.append(criLine(long).slice(-70_000) + numbered(3, 3));
  await log.has("3");
  expect(await log.end()).toEqual(["1", long, "3"]);
});

test.each([["removed"], ["truncated"], ["renamed twice"]])(
  "the clock is set back while the file is %s: what comes is read",
  async (what) => {
    await using log = new FollowedLog();
    log.append(numbered(29, 31));
    log.follow();
    await log.has("31");
    if (what === "removed") rmSync(log.path);
    else if (what === "truncated") truncateSync(log.path);
    else {
      renameSync(log.path, `${log.path}.1`);
      writeFileSync(log.path, numbered(20, 21));
      renameSync(`${log.path}.1`, `${log.path}.2`);
      renameSync(log.path, `${log.path}.1`);
    }
    log.append(numbered(22, 23));
    await log.has("23");
    log.append(numbered(24, 24));
    const between = what === "renamed twice" ? numbers(20, 21) : [];
    expect(await log.end()).toEqual([...numbers(29, 31), ...between, ...numbers(22, 24)]);
  },
);

test("raw output without a newline comes at once", async () => {
  await using log = new FollowedLog();
  log.append("login: ");
  log.follow({ format: rawFormat });
  await log.has("login: ");
  log.append("me\n");
  await log.has("me");
  expect(await log.end()).toEqual(["login: ", "me"]);
});

test("the format of an empty log is found when its first line has come", async () => {
  await using log = new FollowedLog();
  log.append("");
  log.follow();
  await Bun.sleep(50);
  log.append(criLine("one").slice(0, 20));
  await Bun.sleep(50);
  log.append(criLine("one").slice(20));
  await log.has("one");
  expect(await log.end()).toEqual(["one"]);
});

test("tail 0 gives what comes from now on", async () => {
  await using log = new FollowedLog();
  const three = criLine("3");
  log.append(numbered(1, 2) + three.slice(0, 10));
  log.follow({ tail: 0 });
  await Bun.sleep(100);
  log.append(three.slice(10) + numbered(4, 4));
  expect(await log.end()).toEqual(["3", "4"]);
});

test("it ends when the clock has passed until", async () => {
  await using log = new FollowedLog();
  log.append(numbered(1, 2));
  log.follow({ until: new Date(Date.now() + 200), ended: undefined });
  await log.has("2");
  log.append(criLine("3"));
  expect(await log.end()).toEqual(numbers(1, 3));
});
