import { TaskIOError, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import assert from "node:assert/strict";
import { expectSame } from "../expect-same.ts";
import { inLanes } from "../in-lanes.ts";
import { LeftTask } from "../left-task.ts";
import type { Row } from "../row.ts";
import { TextSink } from "../text-sink.ts";
import type { Ends, World } from "../world.ts";

const lanes = 4;

export const missingStreams: Row = {
  number: 18,
  issues: ["c 687a5f51", "c 906acb18"],
  failure: "a stream that is left out is a nil pointer: a panic",

  async taskio(world) {
    const creates = [false, true].flatMap((terminal) =>
      subsets().map((s) => new Given(s, terminal)),
    );
    await inLanes(creates.length, lanes, (at) => create(world, creates[at]!));
    const attaches = await attachEach(world);
    return `${creates.length} creates and ${attaches} attaches, each subset: all run, or are refused by name`;
  },
};

type Subset = readonly [stdin: boolean, stdout: boolean, stderr: boolean];

function subsets(): Subset[] {
  return Array.from({ length: 8 }, (_, bits) => [(bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0]);
}

/** Which streams there are, and what came out of them. */
class Given {
  readonly out = new TextSink();
  readonly err = new TextSink();

  constructor(
    readonly subset: Subset,
    readonly terminal: boolean,
  ) {}

  get ends(): Ends {
    const [stdin, stdout, stderr] = this.subset;
    const typed = new TextEncoder().encode("in\n");
    return [
      stdin ? typed : undefined,
      stdout ? this.out.sink : undefined,
      stderr ? this.err.sink : undefined,
    ];
  }

  toString(): string {
    const names = ["stdin", "stdout", "stderr"].filter((_, at) => this.subset[at]);
    return `${names.join(", ") || "no stream"}${this.terminal ? " with a terminal" : ""}`;
  }
}

async function create(world: World, given: Given): Promise<void> {
  const { subset, terminal, ends } = given;
  const [stdin, stdout, stderr] = subset;
  const args = ["sh", "-c", `${stdin ? "read line; " : ""}echo out $line; echo err >&2`];
  const made = world.newTask(args, ends, { terminal });
  if (terminal && !stdout) {
    await assert.rejects(made, (error) => isRefusal(error), `${given} is not refused by name`);
    return;
  }
  await using task = await made;
  await task.start();
  const { exitCode } = await task.wait({ signal: AbortSignal.timeout(20_000) });
  await task.delete();
  expectSame(exitCode, 0, `exit code with ${given}`);
  const line = stdin ? "out in" : "out";
  if (terminal)
    assert(given.out.text.endsWith(`${line}\r\nerr\r\n`), `${given}: ${given.out.text}`);
  else expectSame(given.out.text, stdout ? `${line}\n` : "", `stdout of ${given}`);
  expectSame(given.err.text, stderr && !terminal ? "err\n" : "", `stderr of ${given}`);
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof TaskIOError &&
    error.code === "INVALID_CONFIG" &&
    error.message.includes("stdout")
  );
}

/** Attaches to a task that has all streams, and whose Config stays as it is. */
async function attachEach(world: World): Promise<number> {
  const script = "while :; do echo out; echo err >&2; sleep 0.02; done";
  const all = new Given([true, true, true], false);
  await using left = await LeftTask.start(world, ["sh", "-c", script], all.ends);
  const { id, io } = left.task;
  for (const subset of subsets()) await attach(world, id, new Given(subset, false), io.config);
  return subsets().length;
}

async function attach(world: World, id: string, given: Given, config: object): Promise<void> {
  const attach = newAttach(withStreams(...given.ends));
  await using task = await world.client.loadTask(id, { attach, keepStdinOpen: true });
  expectSame(task.io.config, config, `the Config after an attach with ${given}`);
  const [, stdout, stderr] = given.subset;
  const seen = () => (!stdout || given.out.text !== "") && (!stderr || given.err.text !== "");
  await until(seen, `output of an attach with ${given}`, { ms: 20_000 });
  await task.detach();
}
