import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { until } from "@taskio/test-support";
import { missing, OnContainerd, titled } from "../support/on-containerd.ts";
import { RunningCommand } from "../support/running-command.ts";
import { isAlive, type TestRuntime } from "../support/test-runtime.ts";

const numbers = Array.from({ length: 20_000 }, (_, at) => `${at + 1}\n`).join("");

describe.skipIf(Boolean(missing))(titled("hubs on containerd"), () => {
  let on: OnContainerd;
  let taskio: TestRuntime;

  beforeAll(async () => {
    on = await OnContainerd.start();
    taskio = on.taskio;
  });
  afterAll(async () => {
    await on?.[Symbol.asyncDispose]();
  });

  /** Runs a script in the background. */
  const start = (flags: string, id: string, script: string) =>
    taskio.ok("run", flags, "--name", id, "--", "sh", "-c", script);

  async function nothingIsLeft(fifo: string): Promise<void> {
    await until(() => taskio.hubs().length === 0, "all hubs have ended");
    expect(existsSync(dirname(fifo))).toBe(false);
    expect(taskio.leftovers()).toEqual([]);
    expect(await on.ctr("container", "ls", "-q")).toBe("");
  }

  const fifoOf = async (id: string) => (await taskio.list()).find((one) => one.id === id)!.stdout;

  test("a task that ends at once: everything for whoever comes later, and the exit code", async () => {
    expect(await start("-d", "short", "seq 20000; echo err >&2; exit 3")).toBe("short\n");
    await on.untilStatus("short", "STOPPED");
    const fifo = await fifoOf("short");
    const all = { exitCode: 3, stdout: numbers, stderr: "err\n" };
    expect(await taskio.run(["attach", "short"])).toEqual(all);
    expect(await taskio.run(["attach", "--read-only", "short"])).toEqual(all);
    expect(await taskio.run(["logs", "short"])).toEqual({ ...all, exitCode: 0 });
    await taskio.ok("rm", "short");
    await nothingIsLeft(fifo);
  });

  test("-di: stdin of one after the other, viewers at once, an exec that comes and goes", async () => {
    await start("-di", "two", "read a; echo got $a; read b; echo got $b; exit 6");
    const fifo = await fifoOf("two");
    const first = new RunningCommand(taskio.spawn(["attach", "two"], { stdin: "one\n" }));
    await first.sees("got one\n");
    const looking = new RunningCommand(taskio.spawn(["attach", "--read-only", "two"]));
    await looking.sees("got one\n");
    const refused = await taskio.run(["attach", "two"], { stdin: "no\n" });
    expect(refused.stderr).toMatch(/^taskio: somebody else .*, look on with --read-only\n$/);
    expect(await taskio.ok("exec", "two", "--", "echo", "in")).toBe("in\n");
    first.kill("SIGKILL");
    await first.ended();
    await Bun.sleep(500);
    const all = { exitCode: 6, stdout: "got one\ngot two\n", stderr: "" };
    expect(await taskio.run(["attach", "two"], { stdin: "two\n" })).toEqual(all);
    expect(await looking.ended()).toEqual(all);
    await taskio.ok("rm", "two");
    await nothingIsLeft(fifo);
  });

  test("-dit: a terminal that is left and come back to", async () => {
    await start("-dit", "shell", "exec sh");
    const fifo = await fifoOf("shell");
    const first = taskio.onTerminal("attach", "shell");
    first.type("sleep 1; stty size\r"); // attach changes it for a moment, so that programs redraw
    await first.sees("24 80\r\n");
    first.type("\x10\x11");
    expect(await first.exited()).toBe(0);
    const again = taskio.onTerminal("attach", "shell");
    await again.sees("24 80\r\n");
    again.type("exit 4\r");
    expect(await again.exited()).toBe(4);
    await taskio.ok("rm", "shell");
    await nothingIsLeft(fifo);
  });

  test("containerd is killed under a hub and its viewers: they go on", async () => {
    const gate = join(taskio.dir, "step-");
    const wait = (at: number) => `until [ -e ${gate}${at} ]; do sleep 0.05; done`;
    await start("-d", "it", `echo one; ${wait(1)}; echo two; ${wait(2)}; exit 3`);
    const fifo = await fifoOf("it");
    const viewer = new RunningCommand(taskio.spawn(["attach", "it"]));
    await viewer.sees("one\n");
    await on.daemon.kill();
    await Bun.write(`${gate}1`, "");
    await viewer.sees("two\n");
    await Bun.sleep(1000);
    await on.daemon.start();
    await Bun.write(`${gate}2`, "");
    expect(await viewer.ended()).toEqual({ exitCode: 3, stdout: "one\ntwo\n", stderr: "" });
    await taskio.ok("rm", "it");
    await nothingIsLeft(fifo);
  });

  test("a killed hub: the next one goes on; of an ended task the log is left", async () => {
    const gate = join(taskio.dir, "gate-killed");
    await start(
      "-d",
      "it",
      `echo one; until [ -e ${gate} ]; do sleep 0.05; done; echo two; exit 3`,
    );
    const fifo = await fifoOf("it");
    await until(async () => (await taskio.ok("logs", "it")) === "one\n");
    await killHub(taskio);
    const viewer = new RunningCommand(taskio.spawn(["attach", "it"]));
    await until(async () => (await taskio.list())[0]!.hub === "running");
    await Bun.write(gate, "");
    expect(await viewer.ended()).toEqual({ exitCode: 3, stdout: "two\n", stderr: "" });
    await killHub(taskio);
    const ended = await taskio.run(["attach", "it"]);
    expect(ended).toMatchObject({ exitCode: 3, stdout: "" });
    expect(ended.stderr).toMatch(
      /^taskio: the task "it" has ended and so has its hub: .*logs it"\n$/,
    );
    expect(await taskio.ok("logs", "it")).toBe("one\ntwo\n");
    await taskio.ok("rm", "it");
    await nothingIsLeft(fifo);
  });

  test("a task that ends while a hub is started for it is over for who attaches", async () => {
    const gate = join(taskio.dir, "gate-ends");
    await start("-d", "it", `echo one; until [ -e ${gate} ]; do sleep 0.05; done; exit 3`);
    const fifo = await fifoOf("it");
    await until(async () => (await taskio.ok("logs", "it")) === "one\n");
    await killHub(taskio);
    const attached = taskio.run(["attach", "it"]);
    await until(() => taskio.hubs().length === 1);
    await Bun.write(gate, ""); // the hub may have opened nothing yet
    expect(await attached).toMatchObject({ exitCode: 3, stdout: "" });
    await taskio.ok("rm", "it");
    await nothingIsLeft(fifo);
  });

  test("a task that ctr removes: its hub hears of it, ends and removes what it made", async () => {
    await start("-d", "gone", "echo up; exec sleep 600");
    const fifo = await fifoOf("gone");
    await on.ctr("task", "kill", "--signal", "KILL", "gone");
    await on.untilStatus("gone", "STOPPED");
    await on.ctr("task", "rm", "gone");
    await until(() => taskio.hubs().length === 0, "the hub has ended");
    expect(existsSync(dirname(fifo))).toBe(false);
    await taskio.ok("rm", "gone");
    await nothingIsLeft(fifo);
  });

  test("what can't be started leaves nothing", async () => {
    for (const flags of ["-d", "-dit"]) {
      const ended = await taskio.run(["run", flags, "--", "no-such-command"]);
      expect(ended).toMatchObject({ exitCode: 127, stdout: "" });
      await nothingIsLeft(join(taskio.dir, "none/none"));
    }
  });
});

async function killHub(taskio: TestRuntime): Promise<void> {
  const [pid] = taskio.hubs();
  process.kill(pid!, "SIGKILL");
  await until(() => !isAlive(pid!), "the hub has ended");
}
