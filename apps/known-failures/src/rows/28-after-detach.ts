import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { endsWithin } from "../ends-within.ts";
import { expectSame } from "../expect-same.ts";
import { NamedTask } from "../named-task.ts";
import type { Row } from "../row.ts";

const patience = 10_000;
/** As docs/cli.md has it; docker ends with 1. */
const exitCodeOfDetach = 0;

export const afterDetach: Row = {
  number: 28,
  issues: ["n#3571", "n#3568", "n#2108"],
  failure: "it is not clear what a detach ends with, and whether --rm then takes the task away",

  async taskio({ taskio }) {
    await using task = new NamedTask(taskio);
    const command = ["--", "sh", "-c", "echo up; read line; exit 5"];
    const first = taskio.onTerminal("run", "-it", "--rm", "--name", task.name, ...command);
    await first.sees("up\r\n");
    first.type("\x10\x11");
    assert(await endsWithin(first, patience), "the detach keys do not leave");
    expectSame(await first.exited(), exitCodeOfDetach, "the exit code of a detach");
    const [left] = await listed(task);
    expectSame(left?.state, "running", "the state of the task after a detach");
    const second = taskio.onTerminal("attach", task.name);
    second.type("\r");
    assert(await endsWithin(second, patience), "the task does not end");
    expectSame(await second.exited(), 5, "the exit code of the attach that sees the end");
    expectSame(await listed(task), [], "what is left of a task with --rm after its end");
    assert(!existsSync(left!.stdout), `its FIFO "${left!.stdout}" is left`);
    return `detach: exit code ${exitCodeOfDetach}, the task runs; its end, seen by attach: removed`;
  },
};

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly stdout: string;
}

async function listed(task: NamedTask): Promise<Listed[]> {
  const all = JSON.parse(await task.ok("ls", "--json")) as Listed[];
  return all.filter(({ id }) => id === task.name);
}
