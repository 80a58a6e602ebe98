import { type Config, type Creator, newIO, TaskIOError } from "@taskio/core";
import type { Task } from "@taskio/containerd";
import assert from "node:assert/strict";
import { expectSame } from "../expect-same.ts";
import type { Row } from "../row.ts";
import { TextSink } from "../text-sink.ts";
import { timed } from "../timed.ts";
import type { Ends, World } from "../world.ts";

/** How long a call may take that would hang for ever, in ms. */
const limit = 10_000;

export const partialStreams: Row = {
  number: 19,
  issues: ["found on 1.6.20"],
  failure: "one stream alone: create fails, hangs for ever, or the shim panics",

  async taskio(world) {
    const refused = await refuse(world);
    const run = await substitute(world);
    return `${refused} creates and execs refused before the call, ${run} run with /dev/null`;
  },
};

/** What a backend could give that the runc shim takes badly. */
function partial(dir: string): Config[] {
  const fifo = `${dir}/kf-partial`;
  const config = (streams: Partial<Config>) => {
    return { terminal: false, stdin: "", stdout: "", stderr: "", ...streams };
  };
  return [
    config({ stdout: fifo }),
    config({ stderr: fifo }),
    config({ stdin: fifo }),
    config({ stdin: fifo, stdout: fifo }),
    config({ stdout: `file://${dir}/log` }),
  ];
}

async function refuse(world: World): Promise<number> {
  await using running = await world.newTask(["sleep", "1000"]);
  await running.start();
  let count = 0;
  for (const config of partial(world.daemon.fifoDir)) {
    const creator: Creator = async () => newIO({ config });
    await isRefused(config, (signal) => createOnly(world, creator, signal));
    await isRefused(config, (signal) => execOnly(world, running, creator, signal));
    count += 2;
  }
  return count;
}

async function createOnly(world: World, creator: Creator, signal: AbortSignal): Promise<void> {
  const id = await world.newContainer(["true"]);
  await using _ = await world.client.createTask(id, { creator, signal });
}

async function execOnly(
  world: World,
  task: Task,
  creator: Creator,
  signal: AbortSignal,
): Promise<void> {
  const process = world.process(["true"]);
  await using exec = await task.exec("kf-partial", { process, creator, signal });
  await exec.start({ signal });
}

async function isRefused(
  config: Config,
  call: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const what = JSON.stringify(config);
  const took = await timed(async () => {
    const error = await call(AbortSignal.timeout(limit)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert(error, `${what} was taken`);
    assert(error instanceof TaskIOError && error.code === "INVALID_CONFIG", `${what}: ${error}`);
  });
  assert(took < limit, `${what} was refused after ${Math.round(took)} ms`);
}

/** The creators of our own make of each what a shim takes. */
async function substitute(world: World): Promise<number> {
  const typed = new TextEncoder().encode("typed");
  const out = new TextSink();
  const err = new TextSink();
  const cases: Ends[] = [
    [typed],
    [undefined, out.sink],
    [undefined, undefined, err.sink],
    [typed, out.sink],
  ];
  for (const ends of cases) {
    await using task = await world.newTask(["sh", "-c", "cat; echo err >&2"], ends);
    await task.start();
    const { exitCode } = await task.wait({ signal: AbortSignal.timeout(limit) });
    expectSame(exitCode, 0, `the exit code with ${JSON.stringify(task.io.config)}`);
    await task.delete();
  }
  expectSame(out.text, "typed", "stdout");
  expectSame(err.text, "err\n", "stderr");
  return cases.length;
}
