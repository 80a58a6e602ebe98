import { CountedOutput, countingCommand } from "@taskio/testkit";
import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { refusedAttach } from "../refused-attach.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

const lines = 100_000;
const total = 588_895;

export const twoAttachers: Row = {
  number: 8,
  issues: ["n#3570", "n#4374", "n PR#5168", "c#3593", "c#714"],
  failure: "two that are attached at once get a part of the output each",

  async taskio(world) {
    const { promise: refused, resolve: go } = Promise.withResolvers<void>();
    const out = new CountedOutput();
    const script = `read go; exec ${countingCommand(lines).join(" ")}`;
    const ends = [sayGo(refused), (chunk: Uint8Array) => out.push(chunk)] as const;
    await using task = await world.newTask(["sh", "-c", script], [...ends]);
    await task.start();
    const count = world.times(20, 3);
    for (let i = 0; i < count; i++) await isRefused(world, task.id);
    go();
    await task.wait();
    await task.delete();
    out.end(lines);
    return `${2 * count} of ${2 * count} refused (IN_USE), the first got all ${total} bytes`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const script = `sleep 1; exec ${countingCommand(lines).join(" ")}`;
    const id = await tasks.container(["sh", "-c", script]);
    await world.ctr.run(tasks.start(id, "-d"));
    const attach = () => world.ctr.run(["task", "attach", id], { within: 5000 });
    const runs = await Promise.all([attach(), attach()]);
    const parts = runs.map(({ stdout }) => stdout.length);
    const refused = runs.filter(({ stderr }) => /in use|attached/.test(stderr)).length;
    const immune = parts.filter((part) => part === total).length + refused === runs.length;
    return { immune, seen: `got ${parts.join(" and ")} of ${total} bytes, ${refused} refused` };
  },
};

async function* sayGo(when: Promise<void>) {
  await when;
  yield new TextEncoder().encode("go\n");
}

/** By the library, and from another process by the command. */
async function isRefused(world: World, id: string): Promise<void> {
  await refusedAttach(world, id, "IN_USE");
  const { exitCode, stderr } = await world.taskio.run(["attach", id], { within: 10_000 });
  expectSame(exitCode, 125, `taskio attach: ${stderr}`);
  assert(/somebody else is attached/.test(stderr), `taskio attach said: ${stderr}`);
}
