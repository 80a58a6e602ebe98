import type { Task } from "@taskio/containerd";
import { type Config, type TaskIOErrorCode, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import assert from "node:assert/strict";
import { lstatSync, symlinkSync, writeFileSync } from "node:fs";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { LeftTask } from "../left-task.ts";
import type { Run } from "../program.ts";
import { refusedAttach } from "../refused-attach.ts";
import type { Row } from "../row.ts";
import { TextSink } from "../text-sink.ts";
import { within } from "../within.ts";
import { without } from "../without.ts";
import type { Ends, World } from "../world.ts";

const typed = new TextEncoder().encode("typed");
const command = ["sh", "-c", "cat; echo err >&2"];

export const failedAttach: Row = {
  number: 10,
  issues: ["found on 1.6.20"],
  failure: "an attach that fails removes the FIFOs of the task, which goes on",

  async taskio(world) {
    await using left = await LeftTask.start(world, command, [neverEnds(), () => {}, () => {}]);
    const { task } = left;
    const { config } = task.io;
    const before = inodes(config);
    for (const [name, fail] of Object.entries(failures)) {
      await fail(world, task);
      expectSame(inodes(config), before, `the FIFOs after an attach with ${name}`);
    }
    await attachAgain(world, task.id);
    return `${Object.keys(failures).length} ways to fail: all FIFOs are there, and work`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(["sh", "-c", "sleep 1; echo out; sleep 1000"]);
    await world.ctr.run(tasks.start(id, "-d"));
    const { config } = await (await world.client.loadTask(id)).status();
    const before = inodes(config);
    await withBrokenLink(config.stderr, () => attach(world, id));
    const left = inodes(config).filter((inode, at) => inode === before[at]).length;
    const { stdout } = await attach(world, id);
    const immune = left === before.length && stdout === "out\n";
    const again = stdout === "out\n" ? "works" : "shows nothing";
    return { immune, seen: `${left} of 3 FIFOs left, the next attach ${again}` };
  },
};

/** The task does not end, so one that works is killed in time. */
function attach(world: World, id: string): Promise<Run> {
  return world.ctr.run(["task", "attach", id], { within: 3000 });
}

/** What makes an attach fail. */
const failures: Readonly<Record<string, (world: World, task: Task) => Promise<unknown>>> = {
  "a closed fd as its sink": (world, { id }) =>
    isRefused(world, id, "INVALID_ARGUMENT", [typed, 4999]),
  "an aborted signal": async (world, { id }) => {
    const attach = newAttach(withStreams(typed, () => {}));
    const signal = AbortSignal.abort(new Error("given up"));
    await assert.rejects(world.client.loadTask(id, { attach, signal }), /given up/);
  },
  "a reader there": async (world, { id }) => {
    const attach = newAttach(withStreams(undefined, undefined, () => {}));
    await using _ = await world.client.loadTask(id, { attach });
    await isRefused(world, id, "IN_USE");
  },
  "a file for its stderr": (world, { id, io }) =>
    withFileFor(io.config.stderr, () => isRefused(world, id, "NOT_FIFO")),
  "a broken link for its stderr": (world, { id, io }) =>
    withBrokenLink(io.config.stderr, () => isRefused(world, id, "NOT_FOUND")),
  "no stdin": (world, { id, io }) =>
    without(io.config.stdin, () => isRefused(world, id, "NOT_FOUND")),
};

function isRefused(
  world: World,
  id: string,
  code: TaskIOErrorCode,
  ends: Ends = [typed, () => {}, () => {}],
): Promise<unknown> {
  return refusedAttach(world, id, code, ends);
}

async function withFileFor(path: string, run: () => Promise<unknown>): Promise<void> {
  await without(path, async () => {
    writeFileSync(path, "");
    await run();
  });
}

async function withBrokenLink(path: string, run: () => Promise<unknown>): Promise<void> {
  await without(path, async () => {
    symlinkSync(`${path}-nowhere`, path);
    await run();
  });
}

/** Of its FIFOs; undefined where there is none. */
function inodes({ stdin, stdout, stderr }: Config): (number | undefined)[] {
  return [stdin, stdout, stderr].map((path) => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isFIFO() ? stats.ino : undefined;
  });
}

async function attachAgain(world: World, id: string): Promise<void> {
  const [out, err] = [new TextSink(), new TextSink()];
  const attach = newAttach(withStreams(typed, out.sink, err.sink));
  await using task = await world.client.loadTask(id, { attach });
  const wait = (signal: AbortSignal) => task.wait({ signal });
  const { exitCode } = await within(10_000, "the task, attached again,", wait);
  await task.delete();
  expectSame([exitCode, out.text, err.text], [0, "typed", "err\n"], "the next attach");
}

async function* neverEnds(): AsyncGenerator<Uint8Array> {
  await new Promise(() => {});
}
