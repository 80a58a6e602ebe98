import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { allOver } from "../all-over.ts";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { NamedTask } from "../named-task.ts";
import type { Run } from "../program.ts";
import type { Row } from "../row.ts";
import { seconds } from "../seconds.ts";
import { TempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";

/** How long a logger may take until it is ready, in ms. */
const readyTime = 10_000;

export const loggerReady: Row = {
  number: 24,
  issues: ["c#12490", "n#1039"],
  failure:
    "a logger that crashes at its start counts as ready, a silent one is waited for without end",

  async taskio(world) {
    using folder = new TempFolder();
    const [crash, missing, noWord, silence] = await allOver([
      refusal(world, `binary://${crashing(folder)}`),
      refusal(world, "binary:///no/such/logger"),
      refusal(world, `binary-v2://${wordless(folder)}`),
      refusal(world, `binary://${silent(folder)}`),
      takesASlowOne(world, folder),
    ]);
    saysOf(crash, /exited with 5.*no space left/);
    saysOf(noWord, /did not call ready/);
    saysOf(silence, /not ready within 10 s/);
    const after = seconds(silence.took);
    assert(silence.took >= readyTime, `a silent logger was given up after ${after}`);
    assert(silence.took < readyTime * 3, `a silent logger was given up after ${after}`);
    for (const { uri, left } of [crash, missing, noWord, silence]) {
      assert(!left, `its container is left after ${uri} was refused`);
    }
    return `crash: refused, with the logger's stderr; silent: refused after ${after}`;
  },

  async ctr(world) {
    using folder = new TempFolder();
    await using tasks = new CtrTasks(world);
    const start = async (uri: string) => {
      const id = await tasks.container(["true"]);
      return world.ctr.run(tasks.start(id, "--log-uri", uri), { within: readyTime * 1.5 });
    };
    try {
      const [crash, silence] = await allOver([
        start(`binary://${crashing(folder)}`),
        start(`binary://${silent(folder)}`),
      ]);
      return {
        immune: crash.exitCode !== 0 && !silence.hung && silence.exitCode !== 0,
        seen: `crash: ${outcome(crash)}; silent: ${outcome(silence)}`,
      };
    } finally {
      endSilent(folder); // then the shim's call ends too
    }
  },
};

function crashing(folder: TempFolder): string {
  return folder.script("crashing", "echo no space left >&2; exit 5");
}

/** Closes fd 5, which in the second version of the protocol is not enough. */
function wordless(folder: TempFolder): string {
  return folder.script("wordless", "exec 5>&-; exec cat <&3");
}

function silent(folder: TempFolder): string {
  return folder.script("silent", `echo $$ > ${folder.file("silent.pid")}; exec sleep 1000`);
}

/** Ends the silent logger, where nobody else has. */
function endSilent(folder: TempFolder): void {
  const pid = Number(folder.text("silent.pid"));
  if (pid && existsSync(`/proc/${pid}`)) process.kill(pid, "SIGKILL");
}

/** How a task was refused. */
interface Refusal {
  readonly uri: string;
  readonly stderr: string;
  /** In ms. */
  readonly took: number;
  /** Whether something of it is still there. */
  readonly left: boolean;
}

function saysOf({ stderr, uri }: Refusal, what: RegExp): void {
  assert(what.test(stderr), `what is said of ${uri}: ${stderr}`);
}

async function refusal(world: World, uri: string): Promise<Refusal> {
  await using task = new NamedTask(world.embedded);
  const start = performance.now();
  const args = ["run", "-d", "--name", task.name, "--io", uri, "--", "true"];
  const { exitCode, stderr } = await world.embedded.run(args);
  const took = performance.now() - start;
  expectSame(exitCode, 125, `exit code with ${uri}: ${stderr}`);
  assert(stderr.includes(uri.replace(/.*:\/\//, "")), `${uri} is not named: ${stderr}`);
  const tasks = JSON.parse(await task.ok("ls", "--json")) as { id: string }[];
  return { uri, stderr, took, left: tasks.some(({ id }) => id === task.name) };
}

async function takesASlowOne(world: World, folder: TempFolder): Promise<void> {
  const copy = `sleep 1; printf '\\0' >&5; exec 5>&-; exec cat <&3 > ${folder.file("slow.log")}`;
  await using task = new NamedTask(world.embedded);
  const uri = `binary-v2://${folder.script("slow", copy)}`;
  await task.runDetached("--io", uri, "--", "echo", "logged");
  await task.ok("wait", task.name);
  await task.ok("rm", task.name);
  expectSame(folder.text("slow.log"), "logged\n", "the log of one that is ready late");
}

function outcome({ exitCode, hung }: Run): string {
  if (hung) return `hung ${seconds(readyTime * 1.5)}`;
  return exitCode === 0 ? "counted as ready, the task ran" : `refused (${exitCode})`;
}
