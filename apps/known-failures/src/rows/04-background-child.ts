import type { Task } from "@taskio/containerd";
import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { leastTime } from "../least-time.ts";
import { NamedTask } from "../named-task.ts";
import type { Program, Run } from "../program.ts";
import type { Row } from "../row.ts";
import { seconds } from "../seconds.ts";
import { TextSink } from "../text-sink.ts";
import { timed } from "../timed.ts";
import type { World } from "../world.ts";

/** How long an exec may be kept up by a child that it left behind, in ms. */
const limit = 2000;
const grace = 500;
const leavesChild = ["sh", "-c", "sleep 60 & echo hi"];

export const backgroundChild: Row = {
  number: 4,
  issues: ["c#7802", "c PR#7832", "c#9568", "c#10094", "n#2554", "m#33039", "k8s#92057"],
  failure: "an exec that leaves a child behind hangs until that has ended",

  async taskio(world) {
    const waited = await waitInTask(world);
    await using task = new NamedTask(world.taskio);
    await task.runDetached("--", "sleep", "1000");
    const exec = (args: readonly string[]) => ["exec", task.name, "--", ...args];
    const { more, stdout, hung } = await moreTime(world.taskio, exec);
    expectSame(stdout, "hi\n", "what the command printed");
    assert(!hung && more < limit, `waited ${seconds(waited)}, the command ${said(more, hung)}`);
    return `waited ${seconds(waited)}, the command ${said(more, hung)}`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(["sleep", "1000"]);
    await world.ctr.run(tasks.start(id, "-d"));
    const { more, stdout, hung } = await moreTime(world.ctr, (args) => tasks.exec(id, args));
    const immune = !hung && more < limit && stdout === "hi\n";
    return { immune, seen: `the command ${said(more, hung)}` };
  },
};

/** Waits for the end of the outputs of such an exec, which does not come, and gives how long. */
async function waitInTask(world: World): Promise<number> {
  await using task = await world.newTask(["sleep", "1000"]);
  await task.start();
  const out = new TextSink();
  const process = world.process(leavesChild);
  await using exec = await task.exec("e1", {
    process,
    creator: world.creator([undefined, out.sink]),
  });
  let drained = true;
  const took = await timed(async () => {
    await exec.start();
    await exec.wait();
    drained = await exec.drain({ grace });
  });
  expectSame(drained, false, "whether the outputs came to their end");
  expectSame(out.text, "hi\n", "the output by then");
  assert(took < limit, `the wait took ${seconds(took)}`);
  await endChildren(task);
  return took;
}

/** So that the runtime need not wait for them when the exec is deleted. */
async function endChildren(task: Task): Promise<void> {
  await task.kill("SIGKILL", { all: true });
  await task.wait();
}

/** How much longer a program takes for such an exec than for one that leaves nothing, in ms. */
async function moreTime(program: Program, exec: (args: readonly string[]) => string[]) {
  const plain = await leastTime(() => program.run(exec(["echo", "hi"])));
  const runs: Run[] = [];
  const least = await leastTime(async () => {
    if (runs.some(({ hung }) => hung)) return; // it does so each time
    runs.push(await program.run(exec(leavesChild), { within: 15_000 }));
  });
  const stdout = runs.find((run) => run.stdout !== "hi\n")?.stdout ?? "hi\n";
  return { more: least - plain, stdout, hung: runs.some(({ hung }) => hung) };
}

function said(more: number, hung: boolean): string {
  return hung ? "hung" : `was up ${seconds(more)} longer`;
}
