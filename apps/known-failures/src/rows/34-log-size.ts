import { readLogs } from "@taskio/logs";
import { countingCommand } from "@taskio/testkit";
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { basename } from "node:path";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { LoggedTask } from "../logged-task.ts";
import type { Row } from "../row.ts";
import { TempFolder } from "../temp-folder.ts";
import { textOf } from "../text-of.ts";
import type { World } from "../world.ts";

const KiB = 1 << 10;
const maxFiles = 3;

export const logSize: Row = {
  number: 34,
  issues: ["c#3351", "c#4830", "c PR#7868"],
  failure: "a log file grows without bound",

  async taskio(world) {
    const { lines, maxSize } = amounts(world);
    const plain = await largestOf(world, lines, maxSize, false);
    const compressed = await largestOf(world, lines, maxSize, true);
    const most = `${maxFiles} files of ${shown(maxSize)}`;
    const seen = `${shown(plain)}, with gzip ${shown(compressed)}`;
    return `${shown(output(lines).length)} into ${most}: at most ${seen}; the last lines are all there`;
  },

  async ctr(world) {
    const { lines, maxSize } = amounts(world);
    using folder = new TempFolder();
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(countingCommand(lines));
    const uri = `file://${folder.file("log")}?maxSize=${maxSize}&maxFiles=${maxFiles}`;
    await world.ctr.run(tasks.start(id, "--log-uri", uri));
    const size = sizeOf(folder);
    const files = readdirSync(folder.path).length;
    return { immune: size <= maxFiles * maxSize, seen: `${shown(size)} in file://, ${files} file` };
  },
};

function amounts(world: World): { readonly lines: number; readonly maxSize: number } {
  return { lines: world.times(2_000_000, 200_000), maxSize: world.times(1024, 128) * KiB };
}

function output(lines: number): string {
  return Array.from({ length: lines }, (_, at) => `${at + 1}\n`).join("");
}

function shown(bytes: number): string {
  return `${Math.round(bytes / KiB)} KiB`;
}

function sizeOf(folder: TempFolder): number {
  let size = 0;
  for (const name of readdirSync(folder.path)) {
    size += statSync(folder.file(name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return size;
}

/** The most that there was of a log, in bytes, while a task wrote it. */
async function largestOf(
  world: World,
  lines: number,
  maxSize: number,
  compress: boolean,
): Promise<number> {
  using folder = new TempFolder();
  const options = { maxSize, maxFiles, compress };
  await using logged = await LoggedTask.create(world, folder, countingCommand(lines), options);
  let largest = 0;
  const timer = setInterval(() => (largest = Math.max(largest, sizeOf(folder))), 5);
  try {
    await logged.run(() => {});
  } finally {
    clearInterval(timer);
  }
  const most = (compress ? maxFiles + 1 : maxFiles) * maxSize; // while it is compressed, a file is there twice
  assert(largest < most + KiB, `the log had ${largest} bytes, of ${most}`);
  const log = basename(logged.path);
  const names = compress ? [log, `${log}.1.gz`, `${log}.2.gz`] : [log, `${log}.1`, `${log}.2`];
  const files = readdirSync(folder.path).filter((name) => name.startsWith(log));
  expectSame(files.sort(), names, "the files of the log");
  for (const name of names) {
    const { size } = statSync(folder.file(name));
    assert(size <= maxSize, `${name} has ${size} bytes, of ${maxSize}`);
  }
  const text = textOf(await Array.fromAsync(readLogs(logged.path)));
  assert(text && output(lines).endsWith(text), "what is left of the log is not its end");
  return largest;
}
