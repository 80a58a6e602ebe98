import type { Process } from "@taskio/containerd";
import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import { inLanes } from "../in-lanes.ts";
import { NamedTask } from "../named-task.ts";
import type { Run } from "../program.ts";
import type { Row } from "../row.ts";
import { TextSink } from "../text-sink.ts";
import type { World } from "../world.ts";

/** After which it has hung, in ms. */
const limit = 10_000;
const lanes = 4;

export const shortStdin: Row = {
  number: 6,
  issues: ["c#2439", "c#2659", "c#4489", "c PR#9423", "n#973", "n PR#5042", "m#37870"],
  failure: "stdin that is empty or short: its end gets lost, `cat` hangs",

  async taskio(world) {
    const tasks = await inLanes(world.times(50, 4), lanes, (index) => catTask(world, index));
    const execs = await catExecs(world, world.times(200, 20));
    const commands = await execCommands(world, world.times(50, 4));
    const all = [...tasks, ...execs, ...commands];
    const wrong = all.filter((how) => how !== "complete");
    assert(wrong.length === 0, `of ${all.length} cat: ${counted(wrong)}`);
    return `0 of ${all.length} hung: tasks, execs, the command`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(["sleep", "1000"]);
    await world.ctr.run(tasks.start(id, "-d"));
    const runs = await inLanes(world.times(200, 20), 20, (index) => {
      const stdin = textOf(index);
      return world.ctr.run(tasks.exec(id, ["cat"]), { stdin, within: 5000 });
    });
    const hung = runs.filter((run) => run.hung).length;
    const immune = runs.every((run, index) => howItWent(run, index) === "complete");
    return { immune, seen: `${hung} of ${runs.length} execs hung` };
  },
};

/** Every other one is empty. */
function textOf(index: number): string {
  return index % 2 ? "12345" : "";
}

async function catTask(world: World, index: number): Promise<string> {
  const out = new TextSink();
  const stdin = new TextEncoder().encode(textOf(index));
  await using task = await world.newTask(["cat"], [stdin, out.sink]);
  return await startAndWait(task, out, index);
}

async function catExecs(world: World, count: number): Promise<string[]> {
  await using task = await world.newTask(["sleep", "1000"]);
  await task.start();
  return await inLanes(count, lanes, async (index) => {
    const out = new TextSink();
    const creator = world.creator([new TextEncoder().encode(textOf(index)), out.sink]);
    const process = world.process(["cat"]);
    await using exec = await task.exec(`e${index}`, { process, creator });
    return await startAndWait(exec, out, index);
  });
}

async function startAndWait(process: Process, out: TextSink, index: number): Promise<string> {
  await process.start();
  const signal = AbortSignal.timeout(limit);
  const exit = await process.wait({ signal }).catch((error) => {
    if (!signal.aborted) throw error;
  });
  if (exit) await process.delete();
  return howItWent({ exitCode: exit?.exitCode ?? 137, stdout: out.text, hung: !exit }, index);
}

async function execCommands(world: World, count: number): Promise<string[]> {
  await using task = new NamedTask(world.taskio);
  await task.runDetached("--", "sleep", "1000");
  return await inLanes(count, lanes, async (index) => {
    const args = ["exec", "-i", task.name, "--", "cat"];
    return howItWent(await world.taskio.run(args, { stdin: textOf(index), within: limit }), index);
  });
}

function howItWent(
  { exitCode, stdout, hung }: Pick<Run, "exitCode" | "stdout" | "hung">,
  index: number,
): string {
  if (hung) return "hung";
  if (exitCode === 0 && stdout === textOf(index)) return "complete";
  return `printed ${JSON.stringify(stdout)} and exited with ${exitCode}`;
}

function counted(all: readonly string[]): string {
  const groups = Object.entries(Object.groupBy(all, (how) => how));
  return groups.map(([how, same]) => `${same?.length} ${how}`).join(", ");
}
