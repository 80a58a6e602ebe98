import { TaskIOError, withStreams } from "@taskio/core";
import type { Task } from "@taskio/containerd";
import { newAttach } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import { CountedOutput, countingCommand } from "@taskio/testkit";
import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { LeftTask } from "../left-task.ts";
import type { Program } from "../program.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

const patience = 30_000;

export const reattach: Row = {
  number: 31,
  issues: ["concourse#9189", "concourse PR#9234"],
  failure: "an attach anew loses lines to the old reader, which was never closed",

  async taskio(world) {
    const count = world.times(100, 10);
    const out = new Output();
    await using left = await LeftTask.start(world, countingCommand(), [undefined, out.sink]);
    const { id } = left.task;
    let reader = await attach(world, id, out);
    for (let i = 0; i < count; i++) {
      await out.more();
      await assert.rejects(attach(world, id, out), (error) => isInUse(error));
      await out.more(); // the refusal changes nothing
      const { stdout } = await reader.detach();
      expectSame(stdout?.end, "stopped", "how a detached copy ended");
      reader = await attach(world, id, out);
    }
    await out.more();
    await reader.delete({ kill: true });
    return `refused while the old reader is there, ${count} times; ${out.lines} lines, none lost`;
  },

  async ctr(world) {
    const lines = 300;
    await using tasks = new CtrTasks(world);
    const count = `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo $i; sleep 0.01; done`;
    const id = await tasks.container(["sh", "-c", count]);
    await world.ctr.run(tasks.start(id, "-d"));
    const old = new Reader(world.ctr, id);
    await until(() => old.lines > 20, "lines for the first ctr", { ms: patience });
    const anew = new Reader(world.ctr, id);
    const expected = lines - old.lines;
    await Promise.all([old.ended(), anew.ended()]);
    const lost = expected - anew.lines;
    return { immune: lost <= 0, seen: `${lost} of ${expected} lines lost to the old reader` };
  },
};

function isInUse(error: unknown): boolean {
  return error instanceof TaskIOError && error.code === "IN_USE";
}

/** Where the pieces of all readers go, one after the other. */
class Output {
  readonly #counted = new CountedOutput();

  readonly sink = (piece: Uint8Array): void => this.#counted.push(piece);

  get lines(): number {
    return this.#counted.lines;
  }

  async more(): Promise<void> {
    const { bytes } = this.#counted;
    await until(() => this.#counted.bytes > bytes, "more output", { ms: patience });
  }
}

function attach(world: World, id: string, { sink }: Output): Promise<Task> {
  return world.client.loadTask(id, { attach: newAttach(withStreams(undefined, sink)) });
}

/** A ctr that is attached to a task. */
class Reader {
  lines = 0;
  readonly #ended: Promise<void>;

  constructor(ctr: Program, id: string) {
    const child = ctr.spawn(["task", "attach", id]);
    const timer = setTimeout(() => child.kill("SIGKILL"), patience);
    const read = async () => {
      for await (const chunk of child.stdout) {
        this.lines += chunk.filter((byte) => byte === 10).length;
      }
      await child.exited;
      clearTimeout(timer);
    };
    this.#ended = read();
  }

  ended(): Promise<void> {
    return this.#ended;
  }
}
