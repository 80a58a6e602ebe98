import { withStreams } from "@taskio/core";
import type { Process } from "@taskio/containerd";
import { newAttach } from "@taskio/fifo";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { inLanes } from "../in-lanes.ts";
import type { Row } from "../row.ts";
import { runSlowly, size, SlowOutput, wholeOnes, writesAll } from "../slow-output.ts";
import type { World } from "../world.ts";

const lanes = 4;

export const drainAtDelete: Row = {
  number: 2,
  issues: ["c PR#14120", "c PR#13931", "n PR#4392", "n#4380", "go-tpm-tools#882", "concourse#6775"],
  failure: "Delete drops output that a slow client has not read yet",

  async taskio(world) {
    const tasks = await inLanes(world.times(100, 4), lanes, () => deleteTask(world));
    const execs = await deleteExecs(world, world.times(100, 4));
    const runs = await inLanes(world.times(20, 2), lanes, () =>
      runSlowly(world, world.taskio, ["run", "--rm", "--", ...writesAll]),
    );
    const seen = said(tasks, execs, runs);
    for (const bytes of [...tasks, ...execs, ...runs]) expectSame(bytes, size, seen);
    await cancelInTheMiddle(world);
    return `${seen}; a cancel tells what it took`;
  },

  async ctr(world) {
    await using all = new CtrTasks(world);
    const tasks = await inLanes(world.times(20, 4), lanes, async () =>
      runSlowly(world, world.ctr, all.start(await all.container(writesAll))),
    );
    const id = await all.container(["sleep", "1000"]);
    await world.ctr.run(all.start(id, "-d"));
    const execs = await inLanes(world.times(20, 4), lanes, () =>
      runSlowly(world, world.ctr, all.exec(id, writesAll)),
    );
    const immune = [...tasks, ...execs].every((bytes) => bytes === size);
    return { immune, seen: said(tasks, execs) };
  },
};

function said(tasks: number[], execs: number[], runs: number[] = []): string {
  const parts = [wholeOnes(tasks, "tasks"), wholeOnes(execs, "execs")];
  if (runs.length > 0) parts.push(wholeOnes(runs, "runs of the command"));
  return `1 MiB at 1 MB/s: ${parts.join(", ")}`;
}

async function deleteTask(world: World): Promise<number> {
  const out = new SlowOutput();
  await using task = await world.newTask(writesAll, [undefined, out.sink]);
  await runToDelete(task);
  return out.bytes;
}

async function deleteExecs(world: World, count: number): Promise<number[]> {
  await using task = await world.newTask(["sleep", "1000"]);
  await task.start();
  return await inLanes(count, lanes, async (index) => {
    const out = new SlowOutput();
    const process = world.process(writesAll);
    const creator = world.creator([undefined, out.sink]);
    await using exec = await task.exec(`e${index}`, { process, creator });
    await runToDelete(exec);
    return out.bytes;
  });
}

async function runToDelete(process: Process): Promise<void> {
  await process.start();
  await process.wait();
  await process.delete();
}

/** A cancel does drop what is under way, and says so; what it did not take is the next attach's. */
async function cancelInTheMiddle(world: World): Promise<void> {
  const out = new SlowOutput();
  await using task = await world.newTask(writesAll, [undefined, out.sink]);
  await task.start();
  await Bun.sleep(100);
  task.io.cancel();
  const { stdout } = await task.io.wait();
  expectSame(stdout?.end, "stopped", "how a cancelled copy ended");
  expectSame(stdout?.bytes, out.bytes, "bytes that the cancelled copy says it took");
  const attach = newAttach(withStreams(undefined, out.sink));
  await using rest = await world.client.loadTask(task.id, { attach });
  await rest.wait();
  await rest.delete();
  expectSame(out.bytes, size, "bytes before and after the cancel");
}
