import { newIO } from "@taskio/core";
import { until } from "@taskio/test-support";
import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { LeftTask } from "../left-task.ts";
import type { Row } from "../row.ts";
import { TempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";

export const foreignFiles: Row = {
  number: 15,
  issues: ["c PR#4123"],
  failure: "closing the streams removes the whole folder, with files of others",

  async taskio(world) {
    await deleteMade(world);
    await deleteLoaded(world);
    await deleteWithFiles(world);
    return "deleted by its maker, deleted later, with files for streams: all others' files kept";
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const kept = {
      start: await startsWithNote(world, tasks),
      attach: await attachesWithNote(world, tasks),
      delete: await deletesWithFiles(world, tasks),
    };
    const lost = Object.entries(kept).filter(([, isThere]) => !isThere);
    const seen = `removed by ${lost.map(([name]) => name).join(", ") || "none"}`;
    return { immune: lost.length === 0, seen: `start, attach, delete: ${seen}` };
  },
};

/** A file of somebody else, next to a stream. */
function putNote(stdout: string): string {
  const note = join(dirname(stdout), "note");
  writeFileSync(note, "keep me");
  return note;
}

/** Only the file is left of a stream's folder, which is removed now. */
function isAlone(note: string): void {
  const folder = dirname(note);
  expectSame(existsSync(folder) && readdirSync(folder), ["note"], "what is in the folder");
  rmSync(folder, { recursive: true });
}

async function deleteMade(world: World): Promise<void> {
  const ends = [new Uint8Array(1), () => {}, () => {}] as const;
  await using task = await world.newTask(["cat"], [...ends]);
  const note = putNote(task.io.config.stdout);
  await task.start();
  await task.wait();
  await task.delete();
  isAlone(note);
}

async function deleteLoaded(world: World): Promise<void> {
  await using left = await LeftTask.start(world, ["true"], [undefined, () => {}, () => {}]);
  const note = putNote(left.task.io.config.stdout);
  await left.task.wait();
  const task = await world.client.loadTask(left.task.id);
  await task.delete();
  isAlone(note);
}

/** A shim also takes files for stdout and stderr. */
async function startWithFiles(world: World, id: string, folder: TempFolder): Promise<string[]> {
  const [stdout, stderr] = [folder.file("out"), folder.file("err")];
  const note = putNote(stdout);
  for (const file of [stdout, stderr]) writeFileSync(file, "");
  const creator = async () => newIO({ config: { terminal: false, stdin: "", stdout, stderr } });
  const task = await world.client.createTask(id, { creator });
  await task.start();
  await task.wait();
  return [note, stdout, stderr];
}

async function deleteWithFiles(world: World): Promise<void> {
  using folder = new TempFolder();
  const id = await world.newContainer(["true"]);
  const files = await startWithFiles(world, id, folder);
  const task = await world.client.loadTask(id);
  await task.delete();
  for (const file of files) assert(existsSync(file), `${file} is gone`);
}

async function startsWithNote(world: World, tasks: CtrTasks): Promise<boolean> {
  const id = await tasks.container(["sleep", "1"]);
  const run = world.ctr.run(tasks.start(id));
  await until(async () => (await stateOf(world, id)) === "running", "a task of ctr");
  const note = putNote(await stdoutOf(world, id));
  await run;
  return existsSync(note);
}

async function attachesWithNote(world: World, tasks: CtrTasks): Promise<boolean> {
  const id = await tasks.container(["sleep", "1"]);
  await world.ctr.run(tasks.start(id, "-d"));
  const note = putNote(await stdoutOf(world, id));
  await world.ctr.run(["task", "attach", id]);
  return existsSync(note);
}

async function deletesWithFiles(world: World, tasks: CtrTasks): Promise<boolean> {
  using folder = new TempFolder();
  const id = await tasks.container(["true"]);
  const files = await startWithFiles(world, id, folder);
  await world.ctr.run(["task", "delete", id]);
  return files.every((file) => existsSync(file));
}

async function stateOf(world: World, id: string): Promise<string | undefined> {
  return (await world.client.tasks.list()).find((task) => task.id === id)?.state;
}

async function stdoutOf(world: World, id: string): Promise<string> {
  const task = await world.client.loadTask(id);
  return (await task.status()).config.stdout;
}
