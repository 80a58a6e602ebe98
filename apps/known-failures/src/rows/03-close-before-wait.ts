import { withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import { spawnTask } from "@taskio/testkit";
import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { inLanes } from "../in-lanes.ts";
import { LeftTask } from "../left-task.ts";
import type { Row } from "../row.ts";
import { runSlowly, size, SlowOutput, wholeOnes, writesAll } from "../slow-output.ts";
import type { World } from "../world.ts";

const lanes = 4;

export const closeBeforeWait: Row = {
  number: 3,
  issues: ["c#5621", "c PR#5974", "c PR#8643", "m#45689"],
  failure: "Delete closes the streams before their end, and output is lost",

  async taskio(world) {
    const all = await inLanes(world.times(100, 4), lanes, () => deleteAtOnce(world));
    for (const bytes of all) expectSame(bytes, size, wholeOnes(all, "attached"));
    await closeInTheMiddle(world);
    return `1 MiB at 1 MB/s: ${wholeOnes(all, "attached")}; a close tells what it took`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const later = ["sh", "-c", `sleep 1; ${writesAll.at(-1)}`]; // what starts it takes nothing
    const all = await inLanes(world.times(20, 4), lanes, async () => {
      const id = await tasks.container(later);
      await world.ctr.run(tasks.start(id, "-d"));
      return runSlowly(world, world.ctr, ["task", "attach", id]);
    });
    const immune = all.every((bytes) => bytes === size);
    return { immune, seen: `1 MiB at 1 MB/s: ${wholeOnes(all, "attached")}` };
  },
};

/** Deletes as soon as that is possible, without a wait before it. */
async function deleteAtOnce(world: World): Promise<number> {
  const out = new SlowOutput();
  await using left = await LeftTask.start(world, writesAll, [undefined, out.sink]);
  const attach = newAttach(withStreams(undefined, out.sink));
  await using task = await world.client.loadTask(left.task.id, { attach });
  const isStopped = async () => (await task.status()).state === "stopped";
  await until(isStopped, "the end of the task", { ms: 30_000 });
  await task.delete();
  return out.bytes;
}

/** Also without a wait, a close under way is no secret. */
async function closeInTheMiddle(world: World): Promise<void> {
  const out = new SlowOutput();
  const io = await world.creator([undefined, out.sink])("kf-close");
  await using _ = spawnTask(io.config, writesAll);
  await Bun.sleep(100);
  await io.close();
  const { stdout } = await io.wait();
  expectSame(stdout?.end, "stopped", "how a closed copy ended");
  assert(out.bytes < size, "it was copied before it was closed");
  expectSame(stdout?.bytes, out.bytes, "bytes that the closed copy says it took");
}
