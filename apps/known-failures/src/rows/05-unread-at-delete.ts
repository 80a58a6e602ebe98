import type { Task } from "@taskio/containerd";
import type { Sink } from "@taskio/core";
import { fifoHolders, unreadBytes } from "@taskio/fifo/holders";
import { until } from "@taskio/test-support";
import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import type { Row } from "../row.ts";
import { seconds } from "../seconds.ts";
import { TextSink } from "../text-sink.ts";
import { timed } from "../timed.ts";
import type { World } from "../world.ts";

/** How long a delete may take, in ms. */
const limit = 1000;
const script = "head -c 200000 /dev/zero; echo written >&2; sleep 1000";

export const unreadAtDelete: Row = {
  number: 5,
  issues: ["c#13377", "c PR#12364"],
  failure: "deleting a task whose output nobody reads takes the shim's 2 s, or 10 s",

  async taskio(world) {
    const times: string[] = [];
    let longest = 0;
    for (const [name, reader] of Object.entries(readers)) {
      const task = await startTask(world, reader);
      const took = await timed(() => task.delete({ kill: true, grace: 0 }));
      times.push(`${name} ${seconds(took)}`);
      longest = Math.max(longest, took);
    }
    assert(longest < limit, `200 KB unread, delete took: ${times.join(", ")}`);
    return `200 KB unread, delete took: ${times.join(", ")}`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const later = ["sh", "-c", `sleep 1; ${script}`]; // what starts it takes nothing
    const id = await tasks.container(later);
    await world.ctr.run(tasks.start(id, "-d"));
    const { config } = await (await world.client.loadTask(id)).status();
    await until(() => isFull(config.stdout), "a full FIFO");
    const took = await timed(() => world.ctr.run(["task", "delete", "--force", id]));
    return { immune: took < limit, seen: `200 KB unread, delete took ${seconds(took)}` };
  },
};

/** Clients that have stopped to read. */
interface Reader {
  readonly sink: Sink;
  /** Gives the task that is deleted. */
  stop?(task: Task, world: World): Promise<Task> | Task;
}

const readers: Readonly<Record<string, Reader>> = {
  "failing sink": {
    sink() {
      throw new Error("dead");
    },
  },
  "stuck sink": {
    sink: () => new Promise(() => {}),
  },
  cancelled: {
    sink() {},
    stop(task) {
      task.io.cancel();
      return task;
    },
  },
  detached: {
    sink() {},
    async stop(task) {
      await task.detach();
      return task;
    },
  },
  loaded: {
    sink() {},
    async stop(task, world) {
      await task.detach();
      return world.client.loadTask(task.id);
    },
  },
};

/** Gives one that waits for somebody who reads, or has written all. */
async function startTask(world: World, { sink, stop }: Reader): Promise<Task> {
  const err = new TextSink();
  const made = await world.newTask(["sh", "-c", script], [undefined, sink, err.sink]);
  const task = (await stop?.(made, world)) ?? made;
  await made.start();
  const { stdout } = made.io.config;
  await until(() => isFull(stdout) || err.text !== "", "a full FIFO");
  return task;
}

function isFull(path: string): boolean {
  const { holders } = fifoHolders([path]);
  return unreadBytes(path, holders.get(path) ?? [])?.full === true;
}
