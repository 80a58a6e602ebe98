import { PtyCommand } from "@taskio/test-support";
import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import { endsWithin } from "../ends-within.ts";
import { expectSame } from "../expect-same.ts";
import { NamedTask } from "../named-task.ts";
import type { Program } from "../program.ts";
import type { Row } from "../row.ts";
import { TempFolder } from "../temp-folder.ts";

const patience = 20_000;
const command = ["echo", "needle"];
const grepped = '"$@" | sed s/needle/grepped/';

export const terminalOutput: Row = {
  number: 29,
  issues: ["n#1685", "n PR#1777"],
  failure: "the output of a terminal goes to the terminal, past a pipe or a file",

  async taskio({ taskio }) {
    const piped = await taskio.run(["run", "-t", "--rm", "--", ...command]);
    expectSame(piped.stdout, "needle\r\n", `stdout without any terminal, stderr ${piped.stderr}`);
    const screen = await onTerminal(taskio, grepped, ["run", "-it", "--rm", "--", ...command]);
    expectSame(screen.replace(/\r+/, ""), "grepped\n", "what a pipe to sed shows");
    await staysCooked(taskio);
    return "in a pipe, with and without a terminal for stdin; raw only where stdin is one";
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const start = async () => tasks.start(await tasks.container(command, { terminal: true }));
    const piped = await world.ctr.run(await start());
    const screen = await onTerminal(world.ctr, grepped, await start());
    const withPipes = piped.stdout === "needle\r\n";
    const atTerminal = screen.includes("grepped");
    return {
      immune: withPipes && atTerminal,
      seen: `without a terminal: ${withPipes ? "in the pipe" : lastWords(piped.stderr)}; at one: ${
        atTerminal ? "in the pipe" : "past the pipe"
      }`,
    };
  },
};

/** What a script of the shell shows that runs a program as `"$@"`. */
async function onTerminal(
  program: Program,
  script: string,
  args: readonly string[],
): Promise<string> {
  const shell = new PtyCommand(["sh", "-c", script, "-", ...program.command, ...args], program.env);
  assert(await endsWithin(shell, patience), "it does not end");
  return shell.screen;
}

/** Our terminal is the shell's as long as the task gets nothing from it. */
async function staysCooked(taskio: Program): Promise<void> {
  using folder = new TempFolder();
  await using task = new NamedTask(taskio);
  const out = folder.file("out");
  const script = `before=$(stty -g); "$@" < /dev/null > ${out} & until [ -s ${out} ]; do sleep 0.1; done
    [ "$(stty -g)" = "$before" ] && echo as it was; kill -KILL $!; wait`;
  const loop = ["--", "sh", "-c", "echo up; exec sleep 1000"];
  const screen = await onTerminal(taskio, script, ["run", "-t", "--name", task.name, ...loop]);
  assert(
    screen.includes("as it was"),
    `our terminal changed while the task had its own: ${screen}`,
  );
}

function lastWords(stderr: string): string {
  const [panic] = /panic: .*/.exec(stderr) ?? [stderr.trim()];
  return panic;
}
