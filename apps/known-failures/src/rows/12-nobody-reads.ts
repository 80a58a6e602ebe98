import { until } from "@taskio/test-support";
import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import { LeftTask } from "../left-task.ts";
import { NamedTask } from "../named-task.ts";
import type { Program } from "../program.ts";
import type { Row } from "../row.ts";
import { seconds } from "../seconds.ts";
import type { World } from "../world.ts";

const writes = ["sh", "-c", "head -c 1000000 /dev/zero; exit 3"];
/** How long a task that nobody keeps up may take to write that, in ms. */
const patience = 5000;

export const nobodyReads: Row = {
  number: 12,
  issues: ["c#9342", "c#11511", "c#6861", "n#4233"],
  failure: "a task whose output nobody reads stops at some 128 KiB, and nothing shows it",

  async taskio(world) {
    await runDetached(world.taskio);
    await runDetached(world.embedded);
    const blocked = await blockedOnContainerd(world);
    await blockedOnEmbedded(world.embedded);
    return `run -d wrote all 1 MB; doctor shows what is blocked (${blocked}), attach ends that`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(writes);
    await world.ctr.run(tasks.start(id, "-d"));
    await Bun.sleep(patience);
    const { stdout } = await world.ctr.run(["task", "ls"]);
    const state = stdout
      .split("\n")
      .find((line) => line.startsWith(id))
      ?.split(/\s+/)[2];
    const seen = `start -d: ${state} after ${seconds(patience)}, no command shows why`;
    return { immune: state === "STOPPED", seen };
  },
};

/** In the background a hub reads the output: nobody else has to. */
async function runDetached(taskio: Program): Promise<void> {
  await using task = new NamedTask(taskio);
  await task.runDetached("--", ...writes);
  const { stdout, hung } = await taskio.run(["wait", task.name], { within: patience * 2 });
  assert(!hung && stdout === "3\n", `run -d of a task that writes 1 MB ${hung ? "hung" : stdout}`);
  const { length } = await task.ok("logs", task.name);
  assert.equal(length, 1_000_000, `its log has ${length} bytes`);
}

/** A task on FIFOs that nobody reads. */
async function blockedOnContainerd(world: World): Promise<string> {
  await using left = await LeftTask.start(world, writes, [undefined, () => {}]);
  const { id } = left.task;
  await until(async () => (await stateOf(world.taskio, id)) === "blocked", "a blocked task");
  const { stdout } = await world.taskio.run(["doctor"]);
  const line = stdout.split("\n").find((text) => text.includes(`"${id}"`)) ?? "";
  const how = /(\d+ of \d+) bytes wait/.exec(line.replaceAll(",", ""))?.[1];
  assert(how && line.includes(`attach ${id}`), `doctor said: ${line}`);
  const attached = await world.taskio.run(["attach", id]);
  assert.equal(attached.stdout.length, 1_000_000, "bytes that the attach gave");
  return `${how} bytes`;
}

async function blockedOnEmbedded(taskio: Program): Promise<void> {
  await using task = new NamedTask(taskio);
  await task.runDetached("--io", "fifo", "--", ...writes);
  await until(async () => (await stateOf(taskio, task.name)) === "blocked", "a blocked task");
  const { stdout } = await taskio.run(["attach", task.name]);
  assert.equal(stdout.length, 1_000_000, "bytes that the attach gave");
}

/** What `doctor` says of a task's stdout. */
async function stateOf(taskio: Program, id: string): Promise<string | undefined> {
  const { stdout } = await taskio.run(["doctor", "--json"]);
  const { streams } = JSON.parse(stdout) as { streams: { task: string; state: string }[] };
  return streams.find(({ task }) => task === id)?.state;
}
