import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { fifoHolders } from "@taskio/fifo/holders";
import { until } from "@taskio/test-support";
import { readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { missing, OnContainerd, titled } from "../support/on-containerd.ts";
import { RunningCommand } from "../support/running-command.ts";
import { command, TestRuntime } from "../support/test-runtime.ts";

const numbers = Array.from({ length: 20_000 }, (_, at) => `${at + 1}\n`).join("");

describe.skipIf(Boolean(missing))(titled("attach to tasks that ctr started"), () => {
  let on: OnContainerd;
  let taskio: TestRuntime;

  beforeAll(async () => {
    on = await OnContainerd.start();
    taskio = on.taskio;
  });
  afterAll(async () => {
    await on?.[Symbol.asyncDispose]();
  });

  test("all that it wrote since it was left comes, its stdin is connected, its exit code is ours", async () => {
    const script = "seq 1 20000; read word; echo got $word; exit 7";
    await on.ctrRunLater("numbers", script);
    const ended = await taskio.run(["attach", "numbers"], { stdin: "word\n" });
    expect(ended).toEqual({ exitCode: 7, stdout: `${numbers}got word\n`, stderr: "" });
    expect(await taskio.run(["attach", "numbers"])).toMatchObject({ exitCode: 7, stdout: "" });
    await taskio.ok("rm", "numbers");
    expect(readdirSync(on.daemon.fifoDir)).toEqual([]);
  });

  test("what nobody has read of a task that has ended is gone, and that is told", async () => {
    const script = "seq 100; exit 2";
    const started = await taskio.run([
      "run",
      "-d",
      "--io",
      "fifo",
      "--name",
      "short",
      "--",
      "sh",
      "-c",
      script,
    ]);
    expect(started.stderr).toEndWith(
      ` for "taskio attach short", and only while it runs: "run -d" without --io keeps it\n`,
    );
    await on.untilStatus("short", "STOPPED");
    const { stdout: path } = (await taskio.list()).find(({ id }) => id === "short")!;
    await until(() => fifoHolders([path]).holders.get(path)!.length === 0);
    const gone = {
      exitCode: 2,
      stdout: "",
      stderr:
        'taskio: the task "short" has ended and nothing is left of its output: ' +
        "nobody holds what was not read by then\n",
    };
    const unseeing = ["unshare", "--pid", "--fork", "--mount-proc", ...command]; // who holds the FIFOs
    const inside = new TestRuntime(unseeing, taskio.dir, on.env);
    const attach = ["attach", "short"];
    for (const one of [taskio, inside]) expect(await one.run(attach)).toEqual(gone);
    rmSync(dirname(path), { recursive: true });
    for (const one of [taskio, inside]) expect(await one.run(attach)).toEqual(gone);
    await taskio.ok("rm", "short");
  });

  test("of a task that has ended the output that is there comes, where a FIFO was removed", async () => {
    await on.ctrRunLater("half", "seq 1 20000; exit 3");
    await on.untilStatus("half", "STOPPED"); // the shim has more than the FIFO holds
    const { stderr } = (await taskio.list()).find(({ id }) => id === "half")!;
    rmSync(stderr);
    const ended = await taskio.run(["attach", "half"]);
    expect(ended).toEqual({ exitCode: 3, stdout: numbers, stderr: "" });
    await taskio.ok("rm", "half");
  });

  test("a terminal of ctr's: size, keys, leaving it and coming back", async () => {
    await on.ctrRunOnTerminal("shell", "sh");
    const first = taskio.onTerminal("attach", "shell");
    first.type("sleep 1; stty size\r"); // attach changes it for a moment, so that programs redraw
    await first.sees("24 80\r\n");
    first.type("\x10\x11");
    expect(await first.exited()).toBe(0);
    const again = taskio.onTerminal("attach", "shell");
    again.type("exit 4\r");
    expect(await again.exited()).toBe(4);
    await taskio.ok("rm", "shell");
  });

  test("n#3570: a task that ctr is attached to is refused, and ctr gets everything", async () => {
    const ctr = on.ctrForeground("both", "sh", "-c", "read go; seq 1 20000");
    const output = ctr.stdout.text();
    await on.untilStatus("both", "RUNNING");
    const refused = await taskio.run(["attach", "both"]);
    expect(refused).toEqual({
      exitCode: 125,
      stdout: "",
      stderr: `taskio: somebody else is attached to the task "both": ctr (pid ${ctr.pid}) reads its output, end that first\n`,
    });
    ctr.stdin.write("go\n");
    await ctr.stdin.end();
    expect(await output).toBe(numbers);
    expect(await ctr.exited).toBe(0);
    await taskio.ok("rm", "both");
  });

  test("a second one of ours is refused; when ctr was killed, attach goes on", async () => {
    const script = "while read line; do echo got $line; done; exec sleep 600";
    const ctr = on.ctrForeground("left", "sh", "-c", script);
    await on.untilStatus("left", "RUNNING");
    ctr.kill("SIGKILL");
    await ctr.exited;
    const first = new RunningCommand(taskio.spawn(["attach", "left"], { stdin: "one\n" }));
    await first.sees("got one\n");
    const second = await taskio.run(["attach", "left"]);
    expect(second.exitCode).toBe(125);
    expect(second.stderr).toMatch(/^taskio: somebody else is attached to the task "left": .*\n$/);
    first.kill("SIGKILL");
    await first.ended();
    await taskio.ok("rm", "-f", "left");
  });
});
