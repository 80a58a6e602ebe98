import { TaskIOError } from "@taskio/core";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { expectSame } from "../expect-same.ts";
import { inLanes } from "../in-lanes.ts";
import type { Row } from "../row.ts";
import { seconds } from "../seconds.ts";
import type { World } from "../world.ts";

const lanes = 8;
/** How long it may take to make all streams, in ms. */
const patience = 20_000;
const ends = () => [new Uint8Array(1), () => {}, () => {}] as const;

export const blockingOpen: Row = {
  number: 17,
  issues: ["c#9668", "c#13952", "c#4905", "c PR#4906", "f#56", "embedshim#22", "c#1843"],
  failure: "every create that fails leaves a thread in open(2), until there are 10000",

  async taskio(world) {
    const before = world.resources();
    const waiting = await keepWaiting(world, world.times(500, 50));
    const creates = await failCreates(world, world.times(500, 24));
    await world.expectBackTo(before);
    return `${creates} failed creates, ${waiting} that wait for a peer: no thread, no fd more`;
  },
};

/** Streams whose other ends nobody opens: all of them wait at the same time. */
async function keepWaiting(world: World, count: number): Promise<number> {
  const { threads } = world.resources();
  const creator = world.creator([...ends()]);
  const making = Promise.all(Array.from({ length: count }, () => creator("kf-never")));
  const all = await Promise.race([making, Bun.sleep(patience)]);
  await Bun.sleep(100);
  expectSame(threadsInOpen(), 0, "threads that wait in open(2)");
  assert(all, `${count} creators are not ready after ${seconds(patience)}`);
  const more = world.resources().threads.length - threads.length;
  await Promise.all(all.map((io) => io.close()));
  expectSame(more, 0, "threads that came while all waited");
  return count;
}

/** The runtime fails once the streams are there, and opens none of them. */
async function failCreates(world: World, count: number): Promise<number> {
  const ids = await inLanes(lanes, lanes, () => world.newContainer(["no-such-command"]));
  await inLanes(lanes, lanes, async (lane) => {
    const creator = world.creator([...ends()]);
    for (let at = lane; at < count; at += lanes) {
      const made = world.client.createTask(ids[lane]!, { creator });
      await assert.rejects(made, (error) => isEngineFailed(error));
    }
  });
  expectSame(threadsInOpen(), 0, "threads that are left in open(2)");
  return count;
}

function isEngineFailed(error: unknown): boolean {
  return error instanceof TaskIOError && error.code === "ENGINE_FAILED";
}

/** How many threads of ours the kernel has in the open of a FIFO that waits for its other end. */
function threadsInOpen(): number {
  const ids = readdirSync("/proc/self/task");
  return ids.filter((id) => waitsIn(id) === "wait_for_partner").length;
}

function waitsIn(id: string): string {
  try {
    return readFileSync(`/proc/self/task/${id}/wchan`, "utf8");
  } catch {
    return ""; // it has just ended
  }
}
