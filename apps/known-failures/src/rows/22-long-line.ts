import type { LogRecord } from "@taskio/logs";
import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { LoggedTask } from "../logged-task.ts";
import type { Row } from "../row.ts";
import { TempFolder } from "../temp-folder.ts";
import { textOf } from "../text-of.ts";
import type { World } from "../world.ts";

const MiB = 1 << 20;
/** The most data that a record has, as containerd and docker have it. */
const maxData = 16 << 10;
/** After which ctr has hung, in ms. */
const limit = 30_000;

export const longLine: Row = {
  number: 22,
  issues: ["n#3343", "n PR#3366", "m#13333"],
  failure: "a line of more than 64 KiB stops the log and the container",

  async taskio(world) {
    using folder = new TempFolder();
    const size = world.times(10, 1) * MiB;
    for (const format of ["cri", "json-file", "raw"]) await isExact(world, folder, format, size);
    const longer = world.times(100, 64) * MiB;
    const more = (await peakOf(world, folder, longer)) - (await peakOf(world, folder, 1));
    assert(more < longer * 0.75, `a line of ${shown(longer)} took ${shown(more)} of memory`);
    const exact = "exact as cri, json-file and raw, cut at 16 KiB where there are records";
    return `${shown(size)}: ${exact}; ${shown(longer)}: ${shown(more)} more memory`;
  },

  async ctr(world) {
    using folder = new TempFolder();
    const size = world.times(10, 1) * MiB;
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(command(size));
    const args = tasks.start(id, "--log-uri", `file://${folder.file("log")}`);
    const { hung } = await world.ctr.run(args, { within: limit });
    const immune = !hung && folder.text("log") === output(size);
    return { immune, seen: `${shown(size)} in file://: ${immune ? "exact" : "not exact"}` };
  },
};

function command(size: number): string[] {
  return ["sh", "-c", `head -c ${size} /dev/zero | tr '\\0' x; echo; echo after`];
}

function output(size: number): string {
  return `${"x".repeat(size)}\nafter\n`;
}

function shown(bytes: number): string {
  return `${Math.round(bytes / MiB)} MiB`;
}

async function isExact(
  world: World,
  folder: TempFolder,
  format: string,
  size: number,
): Promise<void> {
  await using logged = await LoggedTask.create(world, folder, command(size), { format });
  const records: LogRecord[] = [];
  await logged.run((record) => void records.push(record));
  const what = `a line of ${size} bytes in a log of the format ${format}`;
  assert(textOf(records) === output(size), `${what} is not exact`);
  if (format === "raw") return; // which has no records
  const lengths = records.map(({ data }) => data.length);
  assert(Math.max(...lengths) <= maxData, `${what} has a record of ${Math.max(...lengths)} bytes`);
  const ends = records.filter(({ data }) => data.at(-1) === 10).length;
  expectSame(ends, 2, `how many ends of lines ${what} has`);
}

/** The most memory that the log driver of a task has had that writes a line of that size. */
async function peakOf(world: World, folder: TempFolder, size: number): Promise<number> {
  await using logged = await LoggedTask.create(world, folder, command(size));
  let bytes = 0;
  await logged.run(({ data }) => void (bytes += data.length));
  expectSame(bytes, output(size).length, "bytes of the log");
  return logged.driver.peak!;
}
