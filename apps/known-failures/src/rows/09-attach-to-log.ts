import assert from "node:assert/strict";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { NamedTask } from "../named-task.ts";
import type { Run } from "../program.ts";
import { refusedAttach } from "../refused-attach.ts";
import type { Row } from "../row.ts";
import { TempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";

/** A logging program, by containerd's protocol: ready when fd 5 is closed. */
const logger = "exec 5>&-; cat <&3 >/dev/null";

export const attachToLog: Row = {
  number: 9,
  issues: ["c#6422", "n#2877"],
  failure: "attach to a task that logs to a file: `error creating fifo file:///…`",

  async taskio(world) {
    using folder = new TempFolder();
    for (const uri of uris(folder)) {
      await using task = new NamedTask(world.taskio);
      await task.runDetached("--io", uri, "--", "sleep", "1000");
      await isRefused(world, task.name, schemeOf(uri));
    }
    await seeLog(world, folder);
    return "refused, naming file:// and binary://; the command says how to see the file";
  },

  async ctr(world) {
    using folder = new TempFolder();
    await using tasks = new CtrTasks(world);
    const said: string[] = [];
    for (const uri of uris(folder)) {
      const id = await tasks.container(["sleep", "1000"]);
      await world.ctr.run(tasks.start(id, "-d", "--log-uri", uri));
      const run = await world.ctr.run(["task", "attach", id], { within: 5000 });
      said.push(messageOf(run));
    }
    const immune = said.every((message) => !message.includes("creating fifo"));
    return { immune, seen: said.join(", ") };
  },
};

function uris(folder: TempFolder): string[] {
  return [`file://${folder.file("log")}`, `binary://${folder.script("logger", logger)}`];
}

function schemeOf(uri: string): string {
  return uri.slice(0, uri.indexOf("/")) + "//";
}

async function isRefused(world: World, id: string, scheme: string): Promise<void> {
  const { message } = await refusedAttach(world, id, "NOT_ATTACHABLE");
  assert(message.includes(scheme), `no ${scheme} in: ${message}`);
  const run = await world.taskio.run(["attach", id], { within: 10_000 });
  expectSame(run.exitCode, 125, "the exit code of taskio attach");
  const why = scheme === "file://" ? "goes to a file" : `goes to a ${scheme}`;
  assert(run.stderr.includes(why), `taskio attach said: ${run.stderr}`);
  const task = await world.client.loadTask(id);
  expectSame((await task.status()).state, "running", "the task's state");
}

/** What taskio proposes instead does show the output. */
async function seeLog(world: World, folder: TempFolder): Promise<void> {
  await using task = new NamedTask(world.taskio);
  const io = `file://${folder.file("seen")}`;
  await task.runDetached("--io", io, "--", "sh", "-c", "echo line");
  const { stderr } = await world.taskio.run(["attach", task.name], { within: 10_000 });
  const [, instead = ""] = /"taskio (logs [^"]*)"/.exec(stderr) ?? [];
  assert(instead, `what taskio attach said: ${stderr}`);
  const { stdout } = await world.taskio.run([...instead.split(" "), "--follow"]);
  expectSame(stdout, "line\n", `what taskio ${instead} printed`);
}

/** The end of what ctr says, without the long path. */
function messageOf({ stderr, hung }: Run): string {
  if (hung) return "hung";
  const [, message = stderr.trim()] = /(error creating fifo .*?:\/\/)/.exec(stderr) ?? [];
  return `"${message}…"`;
}
