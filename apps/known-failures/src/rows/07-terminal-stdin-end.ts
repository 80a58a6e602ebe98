import type { Process } from "@taskio/containerd";
import { withTerminal } from "@taskio/core";
import assert from "node:assert/strict";
import { expectSame } from "../expect-same.ts";
import { NamedTask } from "../named-task.ts";
import type { Row } from "../row.ts";
import { TextSink } from "../text-sink.ts";
import type { World } from "../world.ts";

const lines = 20_000;
const command = ["seq", "1", String(lines)];
const all = Array.from({ length: lines }, (_, at) => `${at + 1}\r\n`).join("");

// ctr has its terminal as stdin, which does not end.
export const terminalStdinEnd: Row = {
  number: 7,
  issues: ["c#4107"],
  failure: "the end of stdin hangs a terminal up, and cuts its output off",

  async taskio(world) {
    const count = world.times(20, 2);
    for (let i = 0; i < count; i++) {
      await runTask(world);
      await runExec(world);
    }
    await runCommands(world);
    return `all ${lines} lines: ${count} tasks, ${count} execs, run -t, exec -t`;
  },
};

async function runTask(world: World): Promise<void> {
  const out = new TextSink();
  const ends = [new Uint8Array(), out.sink] as const;
  await using task = await world.newTask(command, [...ends], { terminal: true });
  await runToEnd(task, out, "task");
}

async function runExec(world: World): Promise<void> {
  const out = new TextSink();
  await using task = await world.newTask(["sleep", "1000"]);
  await task.start();
  const process = world.process(command, { terminal: true });
  const creator = world.creator([new Uint8Array(), out.sink], withTerminal);
  await using exec = await task.exec("e1", { process, creator });
  await runToEnd(exec, out, "exec");
}

async function runToEnd(process: Process, out: TextSink, what: string): Promise<void> {
  await process.start();
  const { exitCode } = await process.wait();
  await process.delete();
  isComplete(out.text, exitCode, what);
}

async function runCommands(world: World): Promise<void> {
  const run = await world.taskio.run(["run", "--rm", "-t", "--", ...command]);
  isComplete(run.stdout, run.exitCode, "taskio run -t");
  await using task = new NamedTask(world.taskio);
  await task.runDetached("--", "sleep", "1000");
  const exec = await world.taskio.run(["exec", "-t", task.name, "--", ...command]);
  isComplete(exec.stdout, exec.exitCode, "taskio exec -t");
}

function isComplete(text: string, exitCode: number, what: string): void {
  assert(text === all, `${what}: ${text.length} of ${all.length} bytes, exit code ${exitCode}`);
  expectSame(exitCode, 0, `the exit code of ${what}`);
}
