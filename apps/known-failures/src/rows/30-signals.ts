import type { Task } from "@taskio/containerd";
import { until } from "@taskio/test-support";
import type { Subprocess } from "bun";
import { readFileSync } from "node:fs";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import type { Program } from "../program.ts";
import type { Row } from "../row.ts";

/** Somebody sends them, and means the task. */
const meant = ["HUP", "INT", "QUIT", "USR1", "USR2", "CONT", "ALRM"];
/** The kernel and runtimes send them, and mean the client itself. */
const own = ["CHLD", "URG", "PIPE", "WINCH"];
const patience = 10_000;

export const signals: Row = {
  number: 30,
  issues: ["c PR#4532", "m PR#2749"],
  failure: "signals about the client itself reach the task; errors when one comes after its end",

  async taskio(world) {
    await using task = await world.newTask(["sleep", "1000"]);
    await task.start();
    const exec = (script: string) => ["exec", task.id, "--", "sh", "-c", script];
    const { got, exitCode } = await sendEach(world.taskio, exec, task);
    const expected = [...meant, ...own, "TERM"];
    expectSame(got, expected, "the signals that a task got: the second four were sent to it");
    expectSame(exitCode, 9, "the exit code");
    const count = world.times(20, 3);
    const bad = await endUnderSignals(world.taskio, exec, count);
    expectSame(bad, [], "what was said at the end under signals");
    return `${meant.join(" ")} TERM passed on, ${own.join(" ")} not; ${count} ends under signals: no error`;
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(["sleep", "1000"]);
    await world.ctr.run(tasks.start(id, "-d"));
    const exec = (script: string) => tasks.exec(id, ["sh", "-c", script]);
    const { got } = await sendEach(world.ctr, exec);
    const missing = [...meant, "TERM"].filter((name) => !got.includes(name));
    const wrong = own.filter((name) => got.includes(name));
    const count = world.times(20, 3);
    const bad = await endUnderSignals(world.ctr, exec, count);
    return {
      immune: missing.length + wrong.length + bad.length === 0,
      seen: [
        `passed on too: ${wrong.join(" ") || "none"}`,
        ...(missing.length > 0 ? [`not passed on: ${missing.join(" ")}`] : []),
        ...(bad.length > 0 ? [`${bad.length} of ${count} ends under signals with an error`] : []),
      ].join("; "),
    };
  },
};

type Exec = (script: string) => readonly string[];

/** Names the signals that it gets, until TERM ends it. It starts no child for which it would get a CHLD. */
const recorder = `
  sleep 1000 & child=$!
  for name in ${[...meant, ...own].join(" ")}; do trap "echo $name" $name; done
  trap 'echo TERM; kill $child; exit 9' TERM
  echo up
  while :; do wait; done`;

/**
 * Sends a client each signal: first those that it is to keep, then those that it is to pass on.
 *
 * @param task where it is run: at last its program gets the first ones itself, which it does tell of
 */
async function sendEach(program: Program, exec: Exec, task?: Task) {
  const client = new Client(program, exec(recorder));
  await client.says("up");
  for (const name of meant) {
    for (const other of own) client.send(other);
    await Bun.sleep(20);
    client.send(name);
    await client.says(name).catch(() => {}); // what came is compared below
  }
  for (const name of task && !client.isOver ? own : []) {
    process.kill(await pidOfRecorder(task!), `SIG${name}`);
    await client.says(name);
  }
  client.send("TERM");
  const { exitCode, said } = await client.ended();
  return { exitCode, got: said.slice(1) };
}

async function pidOfRecorder(task: Task): Promise<number> {
  const pids = (await task.pids()).map(({ pid }) => pid);
  return pids.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("trap"))!;
}

/**
 * Ends programs whose client gets one signal after the other, also while it waits for a child that was
 * left behind. Gives what the clients say to that.
 */
async function endUnderSignals(program: Program, exec: Exec, count: number): Promise<string[]> {
  const bad: string[] = [];
  for (let i = 0; i < count; i++) {
    const client = new Client(program, exec("trap : CONT; sleep 0.5 & echo up; sleep 0.1; exit 3"));
    await client.says("up");
    const timer = setInterval(() => client.send("CONT"), 2);
    const { exitCode, errors } = await client.ended();
    clearInterval(timer);
    if (exitCode !== 3 || errors) bad.push(`exit code ${exitCode}, ${errors.split("\n")[0]}`);
  }
  return bad;
}

/** What is no warning. ctr 2 has some of its own. */
function errorsOf(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => !/level=warning|WARN/.test(line));
  return lines.join("\n").trim();
}

/** A client without a terminal. */
class Client {
  readonly #child: Subprocess<"pipe", "pipe", "pipe">;
  readonly #errors: Promise<string>;
  readonly #read: Promise<void>;
  #text = "";

  constructor(program: Program, args: readonly string[]) {
    this.#child = program.spawn(args);
    this.#errors = this.#child.stderr.text();
    this.#read = this.#readAll();
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  send(name: string): void {
    this.#child.kill(`SIG${name}` as NodeJS.Signals);
  }

  async says(line: string): Promise<void> {
    const isDone = () => this.isOver || this.#lines().includes(line);
    await until(isDone, `${line}, after ${this.#lines().join(" ")}`, { ms: patience });
  }

  async ended() {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    const exitCode = await this.#child.exited;
    clearTimeout(timer);
    await this.#read;
    return { exitCode, errors: errorsOf(await this.#errors), said: this.#lines() };
  }

  #lines(): string[] {
    return this.#text.split("\n").slice(0, -1);
  }

  async #readAll(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#child.stdout)
      this.#text += decoder.decode(chunk, { stream: true });
  }
}
