import { expect, test } from "bun:test";
import { missingContainerd, startContainerd, until } from "@taskio/test-support";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ListedTask } from "../src/actions/ls.ts";
import { isAlive, TestRuntime } from "./support/test-runtime.ts";
import { RunningCommand } from "./support/running-command.ts";

const missing = missingContainerd();
const skipped = missing ? ` (skipped: ${missing})` : "";
const unknown =
  /^taskio: how "\S+" ended is not known, 255 stands for that: the embedded runtime was started anew while it ran\n$/;

/** A script that goes on when it is let. */
function gated(taskio: TestRuntime, before: string, after: string) {
  const gate = join(taskio.dir, "gate");
  return {
    script: `${before}; while [ ! -e '${gate}' ]; do sleep 0.02; done; ${after}`,
    open: () => writeFileSync(gate, ""),
  };
}

async function runtimePid(taskio: TestRuntime): Promise<number> {
  return (JSON.parse(await taskio.ok("info", "--json")) as { pid: number }).pid;
}

async function killRuntime(taskio: TestRuntime, signal = "SIGKILL"): Promise<void> {
  const pid = await runtimePid(taskio);
  process.kill(pid, signal);
  await until(() => !isAlive(pid));
}

/** A shim is the parent of its tasks. */
function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]);
}

/** How many clients the runtime at an address has. */
function connections(address: string): number {
  const sockets = readFileSync("/proc/net/unix", "utf8").split("\n");
  return sockets.filter((line) => line.includes(" 03 ") && line.endsWith(address)).length;
}

/** Waits until so many clients are connected to stay: a look for a runtime connects too. */
async function untilConnected(address: string, count: number): Promise<void> {
  await until(async () => {
    if (connections(address) !== count) return false;
    await Bun.sleep(300);
    return connections(address) === count;
  }, `${count} clients of ${address}`);
}

/** Starts a command whose output is looked at. */
function begin(taskio: TestRuntime, ...call: Parameters<TestRuntime["spawn"]>): RunningCommand {
  return new RunningCommand(taskio.spawn(...call));
}

/** Kills the runtime under a command, lets its process end when it is back, and looks at how both end. */
async function endsThroughRestart(
  taskio: TestRuntime,
  child: RunningCommand,
  open: () => void,
  signal?: string,
): Promise<void> {
  await child.sees("before\n");
  await killRuntime(taskio, signal);
  await taskio.untilState("one", "running");
  open();
  const { stdout, stderr, exitCode } = await child.ended();
  expect({ stdout, exitCode }).toEqual({ stdout: "before\nafter\n", exitCode: 255 });
  expect(stderr).toMatch(unknown);
}

test.each(["SIGKILL", "SIGTERM"])(
  "run goes on when the embedded runtime gets %s; how the task ends is not known",
  async (signal) => {
    await using taskio = new TestRuntime();
    const { script, open } = gated(taskio, "echo before", "read line; echo $line; exit 7");
    const child = begin(taskio, ["run", "-i", "--name", "one", "--", "sh", "-c", script], {
      stdin: "after\n",
    });
    await endsThroughRestart(taskio, child, open, signal);
  },
);

test("wait and logs -f go on, and say what is not known", async () => {
  await using taskio = new TestRuntime();
  const { script, open } = gated(taskio, "echo before", "echo after; exit 7");
  await taskio.ok("run", "-d", "--name", "one", "--", "sh", "-c", script);
  const waiting = taskio.run(["wait", "one"]);
  const logs = begin(taskio, ["logs", "-f", "one"]);
  await logs.sees("before\n");
  await untilConnected(join(taskio.dir, "taskd.sock"), 3); // the hub too
  await killRuntime(taskio);
  open();
  const waited = await waiting;
  expect(waited).toMatchObject({ exitCode: 0, stdout: "255\n" });
  expect(waited.stderr).toMatch(unknown);
  expect(await logs.ended()).toEqual({ exitCode: 0, stdout: "before\nafter\n", stderr: "" });
});

test("exec goes on as run does", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "one", "--", "sleep", "600");
  const { script, open } = gated(taskio, "echo before", "echo after; exit 7");
  const child = begin(taskio, ["exec", "one", "--", "sh", "-c", script]);
  await endsThroughRestart(taskio, child, open);
});

test("a task with a terminal ends with the embedded runtime, whose terminal it was", async () => {
  await using taskio = new TestRuntime();
  const shell = taskio.onTerminal("run", "-it", "--name", "sh", "--", "sh");
  shell.type("echo $((6*7))\r");
  await shell.sees("42\r\n");
  await killRuntime(taskio);
  expect(await shell.exited()).toBe(255);
  expect(shell.screen).toContain('how "sh" ended is not known');
});

test("a signal that comes while the runtime is away is passed on when it is back", async () => {
  await using taskio = new TestRuntime();
  const script = "trap 'echo got TERM; exit' TERM; echo up; while :; do sleep 0.05; done";
  const child = begin(taskio, ["run", "--name", "one", "--", "sh", "-c", script]);
  await child.sees("up\n");
  const pid = await runtimePid(taskio);
  process.kill(pid, "SIGKILL");
  child.kill("SIGTERM");
  expect(await child.ended()).toMatchObject({ stdout: "up\ngot TERM\n", exitCode: 255 });
});

test.skipIf(Boolean(missing))(
  `containerd is restarted under run, exec, wait and attach${skipped}`,
  async () => {
    await using daemon = await startContainerd();
    await using taskio = new TestRuntime();
    const env = {
      CONTAINERD_ADDRESS: daemon.address,
      CONTAINERD_NAMESPACE: `restart-${process.pid}`,
    };
    const start = (...args: string[]) => begin(taskio, args, { env });
    const { script, open } = gated(taskio, "echo before", "echo after; exit 7");
    const command = ["--", "sh", "-c", script];
    const run = start("run", "--rm", "--name", "one", ...command);
    await run.sees("before\n");
    await taskio.run(["run", "-d", "--name", "host", "--", "sleep", "600"], { env });
    const exec = start("exec", "host", ...command);
    await exec.sees("before\n");
    await taskio.run(["run", "-d", "--io", "fifo", "--name", "two", ...command], { env });
    const attach = start("attach", "two");
    await attach.sees("before\n");
    const waiting = start("wait", "two"); // which is not removed
    const cat = Bun.spawn([...taskio.command, "run", "-i", "--rm", "--", "cat"], {
      env: { ...taskio.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const typed = new RunningCommand(cat);
    cat.stdin.write("typed\n");
    await typed.sees("typed\n");
    await untilConnected(daemon.address, 6); // the hub of "host" too
    await daemon.kill();
    await cat.stdin.end();
    await Bun.sleep(1500);
    await daemon.start();
    await taskio.run(["ls"], { env });
    expect(await typed.ended()).toEqual({ exitCode: 0, stdout: "typed\n", stderr: "" });
    open();
    const gone = { exitCode: 7, stdout: "before\nafter\n", stderr: "" };
    expect(await exec.ended()).toEqual(gone);
    expect(await run.ended()).toEqual(gone);
    expect(await attach.ended()).toEqual(gone);
    expect(await waiting.ended()).toEqual({ exitCode: 0, stdout: "7\n", stderr: "" });
    for (const id of ["two", "host"]) await taskio.run(["rm", "-f", id], { env });
    expect((await taskio.run(["ls", "--json"], { env })).stdout).toBe("[]\n");
  },
);

test.skipIf(Boolean(missing))(`a task that lost its shim is gone${skipped}`, async () => {
  await using daemon = await startContainerd();
  await using taskio = new TestRuntime();
  const env = {
    CONTAINERD_ADDRESS: daemon.address,
    CONTAINERD_NAMESPACE: `shim-${process.pid}`,
  };
  const run = begin(taskio, ["run", "--name", "one", "--", "sh", "-c", "echo $$; sleep 600"], {
    env,
  });
  await run.sees("\n");
  const list = async () => (await taskio.run(["ls", "--json"], { env })).stdout;
  const [task] = JSON.parse(await list()) as ListedTask[];
  process.kill(parentOf(task!.pid!), "SIGKILL");
  const { exitCode, stderr } = await run.ended();
  expect({ exitCode, stderr }).toEqual({
    exitCode: 125,
    stderr: 'taskio: "one" is gone, it was removed or lost: how it ended is not known\n',
  });
  await taskio.run(["rm", "-f", "one"], { env });
  expect(await list()).toBe("[]\n");
});

test("a runtime that was given and doesn't come back is an error, the task goes on", async () => {
  await using taskio = new TestRuntime();
  const address = join(taskio.dir, "taskd.sock");
  const { script, open } = gated(taskio, "echo before", "echo after");
  await taskio.ok("run", "-d", "--io", "fifo", "--name", "one", "--", "sh", "-c", script);
  const child = begin(taskio, ["--address", address, "attach", "one"]);
  await child.sees("before\n");
  await killRuntime(taskio);
  expect(await child.ended()).toEqual({
    stdout: "before\n",
    stderr:
      `taskio: failed to wait for the task "one": the server at "${address}" went away, and did ` +
      `not come back in 10 s: the task may go on, see "taskio --address ${address} ls"\n`,
    exitCode: 125,
  });
  await taskio.untilState("one", "running");
  open();
  expect(await taskio.run(["attach", "one"])).toMatchObject({ stdout: "after\n" });
});

test("detach keys leave also while the runtime is away", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-dit", "--name", "sh", "--", "sh", "-c", "echo up; sleep 600");
  const address = join(taskio.dir, "taskd.sock");
  const attach = taskio.onTerminal("--address", address, "attach", "sh");
  await attach.sees("up\r\n");
  await killRuntime(taskio);
  attach.type("\x10\x11");
  expect(await attach.exited()).toBe(0);
  expect(attach.screen).toContain("detached from sh");
});
