import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import { inLanes } from "../in-lanes.ts";
import type { Run } from "../program.ts";
import type { Row } from "../row.ts";

const lanes = 8;
const command = ["echo", "x"];

export const fastExit: Row = {
  number: 20,
  issues: ["n#3877", "n#4380"],
  failure: "a command that ends at once prints nothing",

  async taskio(world) {
    const count = world.times(500, 16);
    const runs = await inLanes(count, lanes, () =>
      world.taskio.run(["run", "--rm", "--", ...command]),
    );
    assert(complete(runs) === count, `${lines(runs)}, ${firstError(runs)}`);
    return lines(runs);
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const count = world.times(500, 16);
    const runs = await inLanes(count, lanes, async () =>
      world.ctr.run(tasks.start(await tasks.container(command))),
    );
    return { immune: complete(runs) === count, seen: lines(runs) };
  },
};

function complete(runs: readonly Run[]): number {
  return runs.filter(({ exitCode, stdout }) => exitCode === 0 && stdout === "x\n").length;
}

function lines(runs: readonly Run[]): string {
  return `${complete(runs)} lines of ${runs.length} runs, ${lanes} at a time`;
}

function firstError(runs: readonly Run[]): string {
  return runs.find(({ stderr }) => stderr)?.stderr ?? "nothing on stderr";
}
