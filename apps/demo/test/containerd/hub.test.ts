import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { until } from "@taskio/test-support";
import { attachedLater } from "../support/attached-later.ts";
import { endHub } from "../support/end-hub.ts";
import { missing, OnContainerd, titled } from "../support/on-containerd.ts";
import { RunningCommand } from "../support/running-command.ts";
import { stepwise } from "../support/stepwise.ts";
import type { TestRuntime } from "../support/test-runtime.ts";
import { typesOn } from "../support/types-on.ts";
import { untilSize } from "../support/until-size.ts";

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
    const all = { exitCode: 6, stdout: "got one\ngot two\n", stderr: "" };
    expect(await attachedLater(taskio, "two", "two\n")).toEqual(all);
    expect(await looking.ended()).toEqual(all);
    await taskio.ok("rm", "two");
    await nothingIsLeft(fifo);
  });

  test("-dit: a terminal that is left and come back to", async () => {
    await start("-dit", "shell", "PS1='> ' exec sh");
    const fifo = await fifoOf("shell");
    const first = taskio.onTerminal("attach", "shell");
    await first.sees("> ");
    first.type(`${untilSize("24 80")}\r`); // attach changes it for a moment, so that programs redraw
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

  test.each(["kill", "terminate"] as const)(
    "containerd is ended (%s) and started again under a hub and its viewers: they go on",
    async (end) => {
      const { script, open } = stepwise(taskio, "echo one", "echo two", "exit 3");
      await start("-d", "it", script);
      const fifo = await fifoOf("it");
      const [hub] = taskio.hubs();
      const viewer = new RunningCommand(taskio.spawn(["attach", "it"]));
      await viewer.sees("one\n");
      await on.daemon[end]();
      await open(1);
      await viewer.sees("two\n");
      await on.daemon.start();
      expect(await taskio.list()).toMatchObject([{ id: "it", state: "running", hub: "running" }]);
      await open(2);
      expect(await viewer.ended()).toEqual({ exitCode: 3, stdout: "one\ntwo\n", stderr: "" });
      expect(taskio.hubs()).toEqual([hub!]);
      await taskio.ok("rm", "it");
      await nothingIsLeft(fifo);
    },
  );

  test("a killed hub: the next one goes on; of an ended task the log is left", async () => {
    const { script, open } = stepwise(taskio, "echo one", "echo two; exit 3");
    await start("-d", "it", script);
    const fifo = await fifoOf("it");
    await until(async () => (await taskio.ok("logs", "it")) === "one\n");
    await endHub(taskio, "SIGKILL");
    expect(await taskio.ok("ls")).toMatch(/hub \(dead\)\n$/);
    const viewer = new RunningCommand(taskio.spawn(["attach", "it"]));
    await taskio.untilHub("it", "running");
    await open(1);
    expect(await viewer.ended()).toEqual({ exitCode: 3, stdout: "two\n", stderr: "" });
    await endHub(taskio, "SIGKILL");
    const ended = await taskio.run(["attach", "it"]);
    expect(ended).toMatchObject({ exitCode: 3, stdout: "" });
    expect(ended.stderr).toMatch(
      /^taskio: the task "it" has ended and so has its hub: .*logs it"\n$/,
    );
    expect(await taskio.ok("logs", "it")).toBe("one\ntwo\n");
    await taskio.ok("rm", "it");
    await nothingIsLeft(fifo);
  });

  test("stdin goes on at the next hub: nothing that was typed is lost, or there twice", async () => {
    await typesOn(taskio, "typed");
    const fifo = await fifoOf("typed");
    await taskio.ok("rm", "typed");
    await nothingIsLeft(fifo);
  });

  test("a task that ends while a hub is started for it is over for who attaches", async () => {
    const { script, open } = stepwise(taskio, "echo one", "exit 3");
    await start("-d", "it", script);
    const fifo = await fifoOf("it");
    await until(async () => (await taskio.ok("logs", "it")) === "one\n");
    await endHub(taskio, "SIGKILL");
    const attached = taskio.run(["attach", "it"]);
    await until(() => taskio.hubs().length === 1);
    await open(1); // the hub may have opened nothing yet
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
