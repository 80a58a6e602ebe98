import type { Task } from "@taskio/containerd";
import { withTerminal } from "@taskio/core";
import { until } from "@taskio/test-support";
import { expectNoLeaks } from "@taskio/testkit";
import { readdirSync, readlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import type { Row } from "../row.ts";
import { TextSink } from "../text-sink.ts";
import type { World } from "../world.ts";

const command = ["sh", "-c", "echo out; echo err >&2"];
const shown = "out\r\nerr\r\n";

export const terminalStderr: Row = {
  number: 16,
  issues: ["c#4342"],
  failure: "with a terminal a stderr FIFO is opened and never closed: a fd leaks each time",

  async taskio(world) {
    const out = new TextSink();
    const ends = [new Uint8Array(), out.sink, out.sink] as const;
    await using task = await world.newTask(["sleep", "1000"], [...ends], { terminal: true });
    hasNoStderr(task);
    await task.start();
    const before = world.resources();
    const count = world.times(100, 10);
    for (let i = 0; i < count; i++) await execOnTerminal(world, task, i);
    await expectNoLeaks(before);
    return `a task and ${count} execs: no stderr made or opened, no fd more`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(["sleep", "1000"]);
    await world.ctr.run(tasks.start(id, "-d", "--null-io"));
    const pty = world.ctr.onTerminal(...tasks.exec(id, ["sleep", "1"], "--tty"));
    const made = () => readdirSync(tasks.fifoDir, { recursive: true, encoding: "utf8" });
    await until(() => opened(pty.pid).some(isStdout), "the streams of ctr");
    const found = [...made(), ...opened(pty.pid)].map((path) => basename(path));
    const exitCode = await pty.exited();
    const stderr = found.filter((name) => name.endsWith("-stderr"));
    const seen = stderr.length > 0 ? "stderr made" : "no stderr made or opened";
    return { immune: exitCode === 0 && stderr.length === 0, seen };
  },
};

const isStdout = (path: string) => path.endsWith("-stdout");

/** What a process has open. */
function opened(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => {
    try {
      return [readlinkSync(`${folder}/${fd}`)];
    } catch {
      return []; // it has just been closed
    }
  });
}

function hasNoStderr({ id, io }: Pick<Task, "id" | "io">): void {
  const { stdout, stderr } = io.config;
  expectSame(stderr, "", "the stderr of its Config");
  const made = readdirSync(dirname(stdout)).sort();
  expectSame(made, [`${id}-stdin`, `${id}-stdout`], "what is in its folder");
  const open = opened(process.pid).filter((path) => path.endsWith("-stderr"));
  expectSame(open, [], "open FIFOs");
}

async function execOnTerminal(world: World, task: Task, index: number): Promise<void> {
  const out = new TextSink();
  const process = world.process(command, { terminal: true });
  const creator = world.creator([new Uint8Array(), out.sink, out.sink], withTerminal);
  await using exec = await task.exec(`e${index}`, { process, creator });
  hasNoStderr(exec);
  await exec.start();
  await exec.wait();
  await exec.delete();
  expectSame(out.text, shown, "what the terminal showed");
}
