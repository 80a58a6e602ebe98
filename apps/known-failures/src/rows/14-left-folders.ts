import type { Task } from "@taskio/containerd";
import { newFIFOSetInDir } from "@taskio/fifo";
import { abandonedFIFODirs, removeFIFODirs } from "@taskio/fifo/holders";
import { until } from "@taskio/test-support";
import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { NamedTask } from "../named-task.ts";
import type { Program } from "../program.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

export const leftFolders: Row = {
  number: 14,
  issues: ["c#2421", "c#11462", "n#4013", "n#4315", "mirendev#797", "c#356", "m#32465"],
  failure: "FIFO folders stay: failed creates and execs, a delete without IO, killed clients",

  async taskio(world) {
    const { fifoDir } = world.daemon;
    mkdirSync(fifoDir, { recursive: true });
    const times = world.times(100, 10);
    const missing = await world.newContainer(["no-such-command"]);
    await using task = await world.newTask(["sleep", "1000"]);
    await task.start();
    const before = foldersIn(fifoDir);
    for (let i = 0; i < times; i++) {
      await failToCreate(world, missing);
      await failToExec(world, task, `e${i}`);
      await deleteWithoutIO(world);
    }
    expectSame(foldersIn(fifoDir), before, `FIFO folders after ${times} times`);
    const killed = world.times(10, 2);
    for (let i = 0; i < killed; i++) await leaveFolder(fifoDir);
    await sweep(fifoDir, task);
    expectSame(foldersIn(fifoDir), before, "FIFO folders after a sweep");
    await doctorFixes(world.embedded);
    return `3 ways, ${times} times each: none left; of ${killed} killed clients: swept`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    mkdirSync(tasks.fifoDir, { recursive: true });
    const times = world.times(100, 5);
    const id = await tasks.container(["sleep", "1000"]);
    await world.ctr.run(tasks.start(id, "-d"));
    const before = foldersIn(tasks.fifoDir).length;
    for (let i = 0; i < times; i++) {
      await world.ctr.run(tasks.exec(id, ["no-such-command"]));
      const short = await tasks.container(["true"]);
      await world.ctr.run(tasks.start(short, "-d"));
      await world.ctr.run(["task", "delete", "--force", short]);
      await killCtr(world, tasks);
    }
    const left = foldersIn(tasks.fifoDir).length - before;
    return { immune: left === 0, seen: `${left} left of 3 ways, ${times} times each` };
  },
};

/** Kills a ctr that stays with a task, and deletes that by another one. */
async function killCtr(world: World, tasks: CtrTasks): Promise<void> {
  const id = await tasks.container(["sleep", "1000"]);
  const ctr = world.ctr.spawn(tasks.start(id));
  const isUp = async () => (await world.client.tasks.list()).some((task) => task.id === id);
  await until(isUp, "a task of ctr");
  ctr.kill("SIGKILL");
  await ctr.exited;
  await world.ctr.run(["task", "delete", "--force", id]);
}

function foldersIn(dir: string): string[] {
  return readdirSync(dir).sort();
}

async function failToCreate(world: World, id: string): Promise<void> {
  const creator = world.creator([undefined, () => {}]);
  await assert.rejects(world.client.createTask(id, { creator }), /executable file not found/);
}

async function failToExec(world: World, task: Task, id: string): Promise<void> {
  const creator = world.creator([undefined, () => {}]);
  const exec = await task.exec(id, { process: world.process(["no-such-command"]), creator });
  await assert.rejects(exec.start(), /executable file not found/);
}

/** As somebody who comes later, and has only the task's id. */
async function deleteWithoutIO(world: World): Promise<void> {
  const task = await world.newTask(["true"], [undefined, () => {}]);
  await task.start();
  await task.wait();
  await task.detach();
  await (await world.client.loadTask(task.id)).delete();
}

/** A client that is killed before it has a task. */
async function leaveFolder(dir: string): Promise<void> {
  const client = Bun.spawn([process.execPath, import.meta.path, dir], { stdin: "ignore" });
  await client.exited;
  assert.equal(client.signalCode, "SIGKILL", "how the client ended");
}

async function sweep(dir: string, { io }: Task): Promise<void> {
  await Bun.sleep(20);
  const named = [io.config.stdin, io.config.stdout, io.config.stderr];
  const { abandoned, unknown } = await abandonedFIFODirs({ dir, named, olderThan: 10 });
  assert.equal(unknown.length, 0, `what can't be told: ${unknown[0]?.reason}`);
  const { kept } = await removeFIFODirs(abandoned);
  assert.equal(kept.length, 0, `what was kept: ${kept[0]?.reason}`);
}

/** What a killed client left goes by `doctor --fix`; what a task has stays. */
async function doctorFixes(taskio: Program): Promise<void> {
  await using task = new NamedTask(taskio);
  await task.runDetached("-i", "--", "cat");
  const dir = join(taskio.env.TASKIO_RUNTIME_DIR!, "fifo");
  const before = foldersIn(dir);
  await leaveFolder(dir);
  assert.equal(foldersIn(dir).length, before.length + 1, "FIFO folders after a killed client");
  const doctor = (...args: string[]) => taskio.run(["doctor", "--older-than", "0", ...args]);
  expectSame((await doctor()).exitCode, 1, "the exit code of doctor");
  expectSame((await doctor("--fix")).exitCode, 0, "the exit code of doctor --fix");
  expectSame(foldersIn(dir), before, "FIFO folders after doctor --fix");
}

if (import.meta.main) {
  await newFIFOSetInDir(process.argv[2]!, "killed", false);
  process.kill(process.pid, "SIGKILL");
}
