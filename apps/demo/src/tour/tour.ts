import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ListedTask } from "../actions/ls.ts";
import type { Narrator } from "./narrator.ts";
import type { Stage } from "./stage.ts";

const lines = 250;
/** Counts; half way it waits for a file, so that it is still there however slow the system is. */
const counter = `i=0
while [ $i -lt ${lines} ]; do
  i=$((i+1)); echo line $i; sleep 0.005
  while [ $i = 125 ] && [ ! -e "$GO" ]; do sleep 0.05; done
done
exit 7`;
const leave = "\x10\x11"; // ^P ^Q

/** Walks through the command. */
export async function tour(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.say(
    "taskio runs commands as tasks: leave one, come back to it, and nothing is missing.",
  );
  narrator.say(`This tour has a runtime of its own, in ${stage.dir}.`);
  for (const step of [runOne, leaveAndReturn, lookInside, background, cleanUp]) {
    await step(stage, narrator);
  }
}

async function runOne(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.step("Run a command: its output is yours, its exit code too");
  narrator.command("taskio run --rm -- sh -c 'echo hello; exit 3'");
  const { stdout, exitCode } = await stage.run(
    "run",
    "--rm",
    "--",
    "sh",
    "-c",
    "echo hello; exit 3",
  );
  narrator.output(stdout);
  narrator.check("it said hello, and the exit code is 3", stdout === "hello\n" && exitCode === 3);
}

async function leaveAndReturn(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.step(`Start one that counts to ${lines} on a terminal, and leave it with ^P ^Q`);
  narrator.command("taskio run -it --name counter -- sh -c '…echo line $i…; exit 7'");
  const go = join(stage.dir, "go");
  const first = stage.onTerminal(
    ...["run", "-it", "--name", "counter", "-e", `GO=${go}`],
    ...["--", "sh", "-c", counter],
  );
  await first.sees("line 20\r\n");
  first.type(leave);
  const left = await first.exited();
  narrator.output(first.screen);
  narrator.check(
    "taskio ended with 0 and said how to come back",
    left === 0 && first.screen.includes("taskio attach counter"),
  );

  narrator.step("It goes on without us");
  narrator.command("taskio ls");
  const { stdout } = await stage.run("ls");
  narrator.output(stdout);
  narrator.check("the counter is up", /^counter .* Up /m.test(stdout));

  narrator.step("Come back");
  narrator.command("taskio attach counter");
  const second = stage.onTerminal("attach", "counter");
  await Bun.write(go, "");
  const exitCode = await second.exited();
  narrator.output(second.screen);
  const seen = numbersIn(first.screen + second.screen);
  const complete = seen.length === lines && seen.every((number, at) => number === at + 1);
  narrator.check(
    `lines 1 to ${lines} were seen, each once, and the exit code is 7`,
    complete && exitCode === 7,
  );
  await stage.run("rm", "counter");
}

async function lookInside(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.step("Run another command in a task");
  narrator.command("taskio run -d --name server -e COLOR=blue -- sh -c 'echo ready; sleep 600'");
  const started = await stage.run(
    "run",
    "-d",
    "--name",
    "server",
    "-e",
    "COLOR=blue",
    "--",
    "sh",
    "-c",
    "echo ready; sleep 600",
  );
  narrator.output(started.stdout);
  narrator.command("taskio exec server -- sh -c 'echo its color is $COLOR'");
  const { stdout } = await stage.run(
    "exec",
    "server",
    "--",
    "sh",
    "-c",
    "echo its color is $COLOR",
  );
  narrator.output(stdout);
  narrator.check("it runs in the task's environment", stdout === "its color is blue\n");
}

async function background(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.step("A task in the background keeps a log; end it with a signal");
  narrator.command("taskio logs server");
  const logs = await stage.run("logs", "server");
  narrator.output(logs.stdout);
  narrator.command("taskio kill -s TERM server; taskio wait server");
  await stage.run("kill", "-s", "TERM", "server");
  const { stdout } = await stage.run("wait", "server");
  narrator.output(stdout);
  narrator.check(
    "its output is there, its exit code is 128 + 15",
    logs.stdout === "ready\n" && stdout === "143\n",
  );
}

async function cleanUp(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.step("Nothing is left behind");
  narrator.command("taskio rm server; taskio ls --json");
  await stage.run("rm", "server");
  const { stdout } = await stage.run("ls", "--json");
  const tasks = JSON.parse(stdout) as ListedTask[];
  narrator.output(stdout);
  const pid = await stage.runtimePid();
  await ended(pid);
  await stage[Symbol.asyncDispose]();
  const left = existsSync(stage.dir) ? stage.leftovers() : [];
  narrator.check(
    "no task, process, socket, FIFO or folder",
    tasks.length === 0 && !isAlive(pid) && left.length === 0 && !existsSync(stage.dir),
  );
}

function numbersIn(screen: string): number[] {
  return [...screen.matchAll(/line (\d+)\r?\n/g)].map(([, number]) => Number(number));
}

/** The runtime ends by itself when there is nothing to do. */
async function ended(pid: number): Promise<void> {
  const deadline = performance.now() + 5000;
  while (isAlive(pid) && performance.now() < deadline) await Bun.sleep(20);
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
