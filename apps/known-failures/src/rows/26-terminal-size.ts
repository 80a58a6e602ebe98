import { PtyCommand } from "@taskio/test-support";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { inLanes } from "../in-lanes.ts";
import { NamedTask } from "../named-task.ts";
import type { Program } from "../program.ts";
import type { Row } from "../row.ts";
import { TextSink } from "../text-sink.ts";
import type { World } from "../world.ts";

const lanes = 2;
const command = ["stty", "size"];
/** That of a terminal here, as `stty size` prints it. */
const size = "24 80\r\n";

export const terminalSize: Row = {
  number: 26,
  issues: ["n PR#2182", "m#35407", "m#10341", "docker/cli#3554"],
  failure: "a terminal is 0 by 0 when its program starts",

  async taskio(world) {
    await using task = await world.newTask(["sleep", "1000"]);
    await task.start();
    const count = world.times(100, 6);
    const exec = ["exec", "-it", task.id, "--", ...command];
    const execs = await sizes(count, world.taskio, () => exec);
    const runs = await sizes(world.times(20, 2), world.taskio, () => [
      "run",
      "-it",
      "--rm",
      "--",
      ...command,
    ]);
    expectSame([...new Set(execs)], [size], "what execs saw");
    expectSame([...new Set(runs)], [size], "what tasks saw");
    await attachToAnother(world);
    await resizeBeforeStart(world);
    return `right at the first look: ${execs.length} execs, ${runs.length} tasks; and after an attach`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(["sleep", "1000"]);
    await world.ctr.run(tasks.start(id, "-d"));
    const count = world.times(100, 6);
    const execs = await sizes(count, world.ctr, () => tasks.exec(id, command, "--tty"));
    const none = execs.filter((screen) => screen.includes("stty: ")).length; // as it is told 0 by 0
    return {
      immune: right(execs) === count,
      seen: `${right(execs)} of ${count} execs right at the first look, ${none} had no size`,
    };
  },
};

/** What so many calls show, each on a terminal of its own. */
function sizes(count: number, program: Program, args: () => readonly string[]): Promise<string[]> {
  return inLanes(count, lanes, async () => {
    const command = program.onTerminal(...args());
    await command.exited();
    return command.screen;
  });
}

function right(seen: readonly string[]): number {
  return seen.filter((screen) => screen === size).length;
}

/** Where nothing but the call tells it. */
async function resizeBeforeStart(world: World): Promise<void> {
  const out = new TextSink();
  await using task = await world.newTask(command, [undefined, out.sink], { terminal: true });
  await task.resize({ columns: 101, rows: 33 });
  await task.start();
  await task.wait();
  await task.delete();
  expectSame(out.text, "33 101\r\n", "what a task saw that was resized before its start");
}

/** On a terminal of another size than the one that the task was started on. */
async function attachToAnother({ taskio }: World): Promise<void> {
  await using task = new NamedTask(taskio);
  const watch = ["sh", "-c", "while :; do stty size; sleep 0.1; done"];
  const first = taskio.onTerminal("run", "-it", "--name", task.name, "--", ...watch);
  await first.sees(size);
  first.type("\x10\x11");
  await first.exited();
  const attach = [...taskio.command, "attach", task.name];
  const second = new PtyCommand(attach, taskio.env, { cols: 100, rows: 40 });
  await second.sees("40 100\r\n");
  second.type("\x10\x11");
  await second.exited();
}
