import type { Sink } from "@taskio/core";
import { newFIFOSetInDir } from "@taskio/fifo";
import assert from "node:assert/strict";
import { closeSync, constants, openSync } from "node:fs";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { NamedTask } from "../named-task.ts";
import { Program, type Run } from "../program.ts";
import type { Row } from "../row.ts";
import { within } from "../within.ts";
import type { World } from "../world.ts";

/** After which it has hung, in ms. */
const limit = 10_000;
const size = 1 << 20;
const head = `head -c ${size} /dev/zero`;
const writesBoth = ["sh", "-c", `${head} & ${head} >&2; wait; exit 3`];
const writesOn = ["sh", "-c", `${head}; echo done >&2`];

export const deadSink: Row = {
  number: 13,
  issues: ["n#5137", "n PR#5151", "c#12462", "shim-loggers#253"],
  failure: "a log that fails or dies stops the copy, and the container at 72 KiB",

  async taskio(world) {
    const kinds = sinks();
    for (const [name, open] of Object.entries(kinds)) await copyInto(world, name, open);
    await using task = new NamedTask(world.taskio);
    const args = ["run", "--name", task.name, "--", ...writesOn];
    const run = await intoFullDevice(world.taskio).run(args, { within: limit });
    assert(isDone(run), `taskio run >/dev/full: ${said(run)}`);
    assert(/ENOSPC/.test(run.stderr), `taskio run said: ${run.stderr}`);
    return `${Object.keys(kinds).length} kinds of dead sink, the command: both streams to their end`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(writesOn);
    const run = await intoFullDevice(world.ctr).run(tasks.start(id), { within: 5000 });
    return { immune: isDone(run), seen: said(run) };
  },
};

function intoFullDevice({ command, env }: Program): Program {
  return new Program(["sh", "-c", 'exec "$@" >/dev/full', "sh", ...command], env);
}

function isDone({ hung, stderr }: Run): boolean {
  return !hung && stderr.includes("done\n");
}

function said(run: Run): string {
  const stderr = run.stderr.includes("done\n") ? "stderr complete" : "no stderr";
  return run.hung ? `hung, ${stderr}` : `exit code ${run.exitCode}, ${stderr}`;
}

interface Opened {
  readonly sink: Sink;
  close?(): unknown;
}

/** Sinks that take nothing, or a little. */
function sinks(): Readonly<Record<string, (world: World) => Promise<Opened> | Opened>> {
  const fail = () => {
    throw new Error("dead");
  };
  return {
    "a function that throws": () => ({ sink: fail }),
    "a function that rejects": () => ({ sink: async () => fail() }),
    "a web stream that fails": () => ({ sink: new WritableStream({ write: fail }) }),
    "a full device": () => {
      const fd = openSync("/dev/full", "w");
      return { sink: fd, close: () => closeSync(fd) };
    },
    "a logger that has ended": deadLogger,
  };
}

/** A process that reads a little; nobody else has the reading end of its pipe. */
async function deadLogger(world: World): Promise<Opened> {
  await using fifos = await newFIFOSetInDir(world.daemon.fifoDir, "kf-logger", false);
  const path = fifos.config.stdout;
  const both = openSync(path, constants.O_RDWR);
  const stdin = openSync(path, constants.O_RDONLY);
  const sink = openSync(path, constants.O_WRONLY);
  closeSync(both);
  const logger = Bun.spawn(["head", "-c", "1000"], { stdin, stdout: "ignore" });
  closeSync(stdin);
  return {
    sink,
    async close() {
      closeSync(sink);
      await logger.exited;
    },
  };
}

/** Its stdout goes there, its stderr is to come completely, and it is to end by itself. */
async function copyInto(
  world: World,
  name: string,
  open: (world: World) => Promise<Opened> | Opened,
): Promise<void> {
  const { sink, close } = await open(world);
  let bytes = 0;
  const count = (chunk: Uint8Array) => void (bytes += chunk.length);
  try {
    await using task = await world.newTask(writesBoth, [undefined, sink, count]);
    await task.start();
    const wait = (signal: AbortSignal) => task.wait({ signal });
    const { exitCode } = await within(limit, `a task with ${name} for its stdout`, wait);
    const { io } = await task.delete();
    expectSame([exitCode, bytes, io.stderr?.end], [3, size, "eof"], `stderr, with ${name}`);
    const { bytes: taken = 0, discarded = 0, error } = io.stdout ?? {};
    expectSame([error?.code, taken + discarded], ["SINK_FAILED", size], `stdout, with ${name}`);
  } finally {
    await close?.();
  }
}
