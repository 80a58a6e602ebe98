import { TaskIOError, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import assert from "node:assert/strict";
import { existsSync, unlinkSync } from "node:fs";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { LeftTask } from "../left-task.ts";
import { NamedTask } from "../named-task.ts";
import type { Run } from "../program.ts";
import { refusedAttach } from "../refused-attach.ts";
import type { Row } from "../row.ts";
import { within } from "../within.ts";
import { without } from "../without.ts";
import type { World } from "../world.ts";

/** After which it has hung, in ms. */
const limit = 5000;

export const attachToStopped: Row = {
  number: 11,
  issues: ["vic#1129", "c#2150", "c#7680", "found on 1.6.20"],
  failure: "attach to a task that has stopped hangs, or makes its FIFO anew",

  async taskio(world) {
    await endsAtOnce(world);
    await makesNoFIFO(world);
    await showsTheRest(world);
    return "stopped: its exit code at once; no FIFO: NOT_FOUND, none made; embedded: its output";
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const stopped = await tasks.container(["sh", "-c", "exit 4"]);
    await world.ctr.run(tasks.start(stopped, "-d"));
    await untilStopped(world, stopped);
    const first = await world.ctr.run(["task", "attach", stopped], { within: limit });
    const running = await tasks.container(["sleep", "1000"]);
    await world.ctr.run(tasks.start(running, "-d"));
    const { config } = await (await world.client.loadTask(running)).status();
    unlinkSync(config.stdout);
    const second = await world.ctr.run(["task", "attach", running], { within: 2000 });
    const made = existsSync(config.stdout);
    const immune = first.exitCode === 4 && !made && !second.hung;
    return {
      immune,
      seen: `stopped: ${end(first)}; no FIFO: ${end(second)}${made ? ", made anew" : ""}`,
    };
  },
};

function end({ hung, exitCode }: Run): string {
  return hung ? "hung" : `exit code ${exitCode}`;
}

async function untilStopped(world: World, id: string): Promise<void> {
  const task = await world.client.loadTask(id);
  await until(async () => (await task.status()).state === "stopped", "the end of a task");
}

/** Whether the shim still holds the streams or not. */
async function endsAtOnce(world: World): Promise<void> {
  await using left = await LeftTask.start(world, ["sh", "-c", "exit 4"], [undefined, () => {}]);
  const { task } = left;
  await task.wait();
  for (let i = 0; i < 5; i++) {
    expectSame(await attachToEnd(world, task.id), 4, "the exit code that an attach gave");
    await Bun.sleep(20);
  }
  const run = await world.taskio.run(["attach", task.id], { within: limit });
  assert(!run.hung, `taskio attach hung for ${limit} ms`);
  expectSame(run.exitCode, 4, `the exit code of taskio attach: ${run.stderr}`);
}

async function attachToEnd(world: World, id: string): Promise<number> {
  const attach = newAttach(withStreams(undefined, () => {}));
  try {
    await using task = await world.client.loadTask(id, { attach });
    return await within(limit, "an attach to a stopped task", async (signal) => {
      const { exitCode } = await task.wait({ signal });
      await task.io.wait({ signal });
      return exitCode;
    });
  } catch (error) {
    if (!(error instanceof TaskIOError) || error.code !== "NOT_ATTACHABLE") throw error;
    return Number(/exit code (\d+)/.exec(error.message)?.[1]);
  }
}

async function makesNoFIFO(world: World): Promise<void> {
  await using left = await LeftTask.start(world, ["sleep", "1000"], [undefined, () => {}]);
  const { task } = left;
  const { stdout } = task.io.config;
  await without(stdout, async () => {
    await refusedAttach(world, task.id, "NOT_FOUND");
    assert(!existsSync(stdout), "an attach made the FIFO anew");
  });
}

/** The embedded runtime keeps what nobody has read. */
async function showsTheRest(world: World): Promise<void> {
  await using task = new NamedTask(world.embedded);
  await task.runDetached("--io", "fifo", "--", "sh", "-c", "echo precious; exit 4");
  const waited = await world.embedded.run(["wait", task.name]);
  expectSame(waited.stdout, "4\n", "what taskio wait printed");
  const run = await world.embedded.run(["attach", task.name], { within: limit });
  assert(!run.hung, `taskio attach hung for ${limit} ms`);
  expectSame([run.stdout, run.exitCode], ["precious\n", 4], "the attach to what has ended");
}
