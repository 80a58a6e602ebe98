import { isWired } from "@taskio/core";
import { until } from "@taskio/test-support";
import { connect } from "@taskio/containerd";
import { expect, test } from "bun:test";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endHub } from "./support/end-hub.ts";
import { stepwise } from "./support/stepwise.ts";
import { isAlive, TestRuntime } from "./support/test-runtime.ts";

test("a hub that comes late to its end leaves the log of the next task of that name alone", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "it", "--", "sleep", "600");
  const [late] = taskio.hubs();
  process.kill(late!, "SIGSTOP");
  try {
    await taskio.ok("rm", "-f", "it");
    const { script, open } = stepwise(taskio, ":", "echo new", "sleep 600");
    await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", script);
    process.kill(late!, "SIGCONT");
    await until(() => !isAlive(late!), "the late hub has ended");
    expect(taskio.leftovers()).toContain("output.log");
    await open(1);
    await until(async () => (await taskio.ok("logs", "it")) === "new\n");
  } finally {
    if (isAlive(late!)) process.kill(late!, "SIGCONT");
  }
});

test("where a hub can't start, nothing is left of the task, and nobody is told to look for it", async () => {
  await using taskio = new TestRuntime();
  await taskio.list(); // the runtime makes its folder
  writeFileSync(join(taskio.dir, "tasks"), "in the way");
  const { exitCode, stderr } = await taskio.run(["run", "-d", "--name", "it", "--", "true"]);
  expect(exitCode).toBe(125);
  expect(stderr).toMatch(/^taskio: .*ENOTDIR/);
  expect(stderr).not.toContain("may go on");
  expect(await taskio.list()).toEqual([]);
  expect(readdirSync(join(taskio.dir, "fifo"))).toEqual([]);
});

test("no hub is started beside a reader that takes no lock, and one is when that has left", async () => {
  await using taskio = new TestRuntime();
  const { script, open } = stepwise(taskio, "echo one", "echo two; exit 3");
  await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", script);
  await until(async () => (await taskio.ok("logs", "it")) === "one\n");
  await endHub(taskio, "SIGKILL");
  const reader = Bun.spawn(["sh", "-c", 'exec sleep 600 < "$1"', "sh", await stdoutOf(taskio)]);
  try {
    await until(() => !isAlive(reader.pid) || isSleeping(reader.pid));
    const { exitCode, stderr } = await taskio.run(["attach", "it"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 125,
      stderr: expect.stringMatching(/somebody else is attached to the task "it": .*sleep/),
    });
    expect(taskio.hubs()).toEqual([]);
  } finally {
    reader.kill("SIGKILL");
    await reader.exited;
  }
  const viewer = taskio.run(["attach", "it"]);
  await taskio.untilHub("it", "running");
  await open(1);
  expect(await viewer).toEqual({ exitCode: 3, stdout: "two\n", stderr: "" });
});

async function stdoutOf({ dir }: TestRuntime): Promise<string> {
  await using client = await connect({ address: join(dir, "taskd.sock"), namespace: "default" });
  const [task] = await client.tasks.list();
  expect(isWired(task!.config.stdout)).toBe(true);
  return task!.config.stdout;
}

/** The shell has opened the FIFO, and is a `sleep` now. */
function isSleeping(pid: number): boolean {
  return Bun.spawnSync(["cat", `/proc/${pid}/comm`]).stdout.toString() === "sleep\n";
}
